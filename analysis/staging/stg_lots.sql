-- The lots of a content. A lot without a number is numbered by its place. Only a sum of money is an amount.
SELECT
    content_hash,
    lot_seq,
    coalesce(lot_no, lot_seq) AS lot_no,
    numbered,
    lot_name,
    lot_key,
    CASE WHEN amount_kind = 'total' THEN amount_yuan END AS amount_yuan,
    amount_kind,
    amount_text,
    tax_included,
    is_large_model,
    failed,
    price_statements
FROM private.content_lots
