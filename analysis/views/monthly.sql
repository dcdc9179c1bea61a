-- Awards and disclosed amounts of each month, with growth in per cent on the same month of the year before (yoy) and on
-- the month before (mom). A month without any counted award has no row, and growth on it is null.
CREATE OR REPLACE VIEW monthly AS
WITH months AS (
    SELECT
        month,
        count(*) AS awards,
        count(*) FILTER (disclosed) AS disclosed,
        count(*) FILTER (NOT disclosed) AS undisclosed,
        sum(amount_yuan) AS amount_yuan
    FROM counted_awards
    GROUP BY month
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
