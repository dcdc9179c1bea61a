-- The lots of the contents in the batch, with the columns of LotFacts (facts.py) except its suppliers.
-- 0 is a placeholder, not a price.
SELECT
    l.content_hash,
    l.amount_kind,
    l.lot_seq AS seq,
    l.lot_no AS no,
    coalesce(l.numbered, false) AS numbered,
    l.lot_name AS name,
    l.lot_key AS key,
    CASE WHEN l.amount_yuan > 0 THEN l.amount_yuan END AS amount,
    l.tax_included,
    coalesce(l.is_large_model, false) AS is_large_model,
    coalesce(l.failed, false) AS failed,
    l.price_statements AS stated,
    coalesce(l.amount_kind IN ('rate', 'unit_price'), false) AS states_no_sum
FROM stg_lots AS l
WHERE l.content_hash IN (SELECT content_hash FROM batch_versions)
ORDER BY l.content_hash, l.lot_seq
