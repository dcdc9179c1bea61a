-- The lots of the contents in hand. 0 is a placeholder, not a price.
SELECT
    l.content_hash, l.lot_seq, l.lot_no, coalesce(l.numbered, false), l.lot_name, l.lot_key,
    CASE WHEN l.amount_yuan > 0 THEN l.amount_yuan END, l.amount_kind, l.tax_included,
    coalesce(l.is_large_model, false), coalesce(l.failed, false)
FROM stg_lots AS l
WHERE l.content_hash IN (SELECT n.content_hash FROM main.notices AS n SEMI JOIN in_hand USING (notice_key))
ORDER BY l.content_hash, l.lot_seq
