-- Awards and disclosed amounts of each month by province, with shares of the month's total in per cent. What has no
-- province is in a row of its own, so the shares add up to 100.
CREATE OR REPLACE VIEW monthly_by_province AS
SELECT
    a.month,
    a.province,
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    CAST(round(sum(a.amount_yuan), -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / any_value(total.awards), 1) AS awards_share_pct,
    round(100.0 * sum(a.amount_yuan) / any_value(total.amount_yuan), 1) AS amount_share_pct
FROM counted_awards AS a
JOIN monthly AS total USING (month)
GROUP BY a.month, a.province
ORDER BY a.month, awards DESC, a.province;
