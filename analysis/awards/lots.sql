-- The lots of the contents in hand. Only a sum of money is a price; 0 is a placeholder.
SELECT
    l.content_hash, l.lot_seq, coalesce(l.lot_no, l.lot_seq), coalesce(l.numbered, false), l.lot_name, l.lot_key,
    CASE WHEN l.amount_kind = 'total' AND l.amount_yuan > 0 THEN l.amount_yuan END, l.amount_kind, l.tax_included,
    coalesce(l.is_large_model, false), coalesce(l.failed, false)
FROM private.content_lots AS l
WHERE l.content_hash IN (SELECT n.content_hash FROM main.notices AS n SEMI JOIN in_hand USING (notice_key))
ORDER BY l.content_hash, l.lot_seq
