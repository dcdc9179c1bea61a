-- The winners and candidates of the lots in the batch, with the columns of Supplier (facts.py).
-- quote is the supplier's own price.
SELECT
    w.content_hash,
    w.lot_seq,
    w.supplier AS name,
    coalesce(nullif(w.supplier_key, ''), w.supplier) AS key,
    w.vendor,
    coalesce(nullif(w.role, ''), 'sole') AS role,
    w.position,
    CASE WHEN w.amount_yuan > 0 THEN w.amount_yuan END AS quote
FROM stg_winners AS w
WHERE w.content_hash IN (SELECT content_hash FROM batch_versions)
ORDER BY w.content_hash, w.lot_seq, w.seq
