-- The winners of the lots of a content, or the candidates, each with its own price or quote.
SELECT
    content_hash,
    lot_seq,
    coalesce(lot_no, lot_seq) AS lot_no,
    seq,
    position,
    supplier,
    supplier_key,
    vendor,
    role,
    share_pct,
    amount_yuan
FROM private.content_winners
