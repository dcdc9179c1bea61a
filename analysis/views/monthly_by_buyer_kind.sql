-- Awards and disclosed amounts of each month by whose the buyer is (central_soe, local_soe, public_body, other_company), with
-- shares of the month's total in per cent. Awards of which nothing tells are in a row of their own, so the shares add up to 100.
CREATE OR REPLACE VIEW monthly_by_buyer_kind AS
SELECT
    a.month,
    a.buyer_kind,
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    CAST(round(sum(a.amount_yuan), -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / any_value(total.awards), 1) AS awards_share_pct,
    round(100.0 * sum(a.amount_yuan) / any_value(total.amount_yuan), 1) AS amount_share_pct
FROM counted_awards AS a
JOIN monthly AS total USING (month)
GROUP BY a.month, a.buyer_kind
ORDER BY a.month, awards DESC, a.buyer_kind;
