-- The view "monthly_by_vendor" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly_by_vendor AS
SELECT
    p.period,
    a.vendor,
    count(*) AS awards,
    count(a.amount_yuan) AS disclosed,
    sum(a.amount_yuan) AS amount_yuan,
    CAST(round(sum(a.amount_yuan) / 1e8, 2) AS DOUBLE) AS amount_yi,
    round(100.0 * count(*) / any_value(total.awards), 1) AS awards_share_pct,
    round(100.0 * sum(a.amount_yuan) / any_value(total.amount_yuan), 1) AS amount_share_pct
FROM counted_vendors AS a
JOIN counted_periods AS p USING (month)
JOIN quarterly AS total USING (period)
WHERE p.months IN (3, 6)
GROUP BY p.period, p.starts_on, p.months, a.vendor
ORDER BY p.starts_on, p.months, awards DESC, a.vendor;
