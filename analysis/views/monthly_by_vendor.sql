-- Awards and disclosed amounts of each month by vendor, with shares of the month's total in per cent. An award counts
-- once for each vendor group that won a lot of it, with the price of those lots; groups share awards, and many awards
-- have none.
CREATE OR REPLACE VIEW monthly_by_vendor AS
SELECT
    a.month,
    a.vendor,
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    CAST(round(sum(a.amount_yuan), -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / any_value(total.awards), 1) AS awards_share_pct,
    round(100.0 * sum(a.amount_yuan) / any_value(total.amount_yuan), 1) AS amount_share_pct
FROM counted_vendors AS a
JOIN monthly AS total USING (month)
GROUP BY a.month, a.vendor
ORDER BY a.month, awards DESC, a.vendor;
