-- The view "monthly" as it was known at an instant, growth included: both months are of one vintage.
CREATE OR REPLACE MACRO monthly_as_of(ts) AS TABLE
WITH months AS (
    SELECT
        CAST(date_trunc('month', awarded_on) AS DATE) AS month,
        count(*) AS awards,
        count(*) FILTER (disclosed) AS disclosed,
        count(*) FILTER (NOT disclosed) AS undisclosed,
        sum(amount_yuan) AS amount_yuan
    FROM awards_as_of(ts)
    WHERE is_large_model AND status = 'awarded' AND awarded_on IS NOT NULL
    GROUP BY ALL
)
SELECT
    m.month,
    m.awards,
    m.disclosed,
    m.undisclosed,
    m.amount_yuan,
    CAST(round(m.amount_yuan, -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * (m.awards / year_before.awards - 1), 1) AS awards_yoy_pct,
    round(100.0 * (m.amount_yuan / year_before.amount_yuan - 1), 1) AS amount_yoy_pct,
    round(100.0 * (m.awards / before.awards - 1), 1) AS awards_mom_pct,
    round(100.0 * (m.amount_yuan / before.amount_yuan - 1), 1) AS amount_mom_pct
FROM months AS m
LEFT JOIN months AS year_before ON year_before.month = CAST(m.month - INTERVAL 12 MONTH AS DATE)
LEFT JOIN months AS before ON before.month = CAST(m.month - INTERVAL 1 MONTH AS DATE)
ORDER BY m.month;
