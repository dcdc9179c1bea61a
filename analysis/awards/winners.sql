-- The winners and candidates of the contents in hand, with their own price or quote.
SELECT
    w.content_hash, w.lot_seq, w.supplier, w.supplier_key, w.vendor, w.role, w.position,
    CASE WHEN w.amount_yuan > 0 THEN w.amount_yuan END
FROM stg_winners AS w
WHERE w.content_hash IN (SELECT n.content_hash FROM main.notices AS n SEMI JOIN in_hand USING (notice_key))
ORDER BY w.content_hash, w.lot_seq, w.seq
