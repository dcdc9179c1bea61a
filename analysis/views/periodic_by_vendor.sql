-- The view "monthly_by_vendor" for quarters, halves and years (months: 3, 6, 12).
CREATE OR REPLACE VIEW periodic_by_vendor AS
SELECT
    p.period,
    p.starts_on,
    p.months,
    a.vendor,
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    CAST(round(sum(a.amount_yuan), -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / any_value(total.awards), 1) AS awards_share_pct,
    round(100.0 * sum(a.amount_yuan) / any_value(total.amount_yuan), 1) AS amount_share_pct
FROM counted_vendors AS a
JOIN counted_periods AS p USING (month)
JOIN periodic AS total USING (period)
GROUP BY p.period, p.starts_on, p.months, a.vendor
ORDER BY p.starts_on, p.months, awards DESC, a.vendor;
