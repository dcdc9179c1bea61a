-- Awards and disclosed amounts from January to the end of each month, with growth in per cent on the same months of the year
-- before. Growth is null unless each of those months has a counted award in the year before: a base that begins in July is none.
CREATE OR REPLACE VIEW year_to_date AS
WITH so_far AS (
    SELECT
        month,
        count(*) OVER this_year AS months,
        CAST(sum(awards) OVER this_year AS BIGINT) AS awards,
        CAST(sum(disclosed) OVER this_year AS BIGINT) AS disclosed,
        CAST(sum(undisclosed) OVER this_year AS BIGINT) AS undisclosed,
        sum(amount_yuan) OVER this_year AS amount_yuan
    FROM monthly
    WINDOW this_year AS (PARTITION BY year(month) ORDER BY month)
)
SELECT
    m.month,
    m.awards,
    m.disclosed,
    m.undisclosed,
    m.amount_yuan,
    CAST(round(m.amount_yuan, -6) / 1e8 AS DOUBLE) AS amount_yi,
    round(100.0 * (m.awards / base.awards - 1), 1) AS awards_yoy_pct,
    round(100.0 * (m.amount_yuan / base.amount_yuan - 1), 1) AS amount_yoy_pct
FROM so_far AS m
LEFT JOIN so_far AS base ON base.month = CAST(m.month - INTERVAL 12 MONTH AS DATE) AND base.months = month(base.month)
ORDER BY m.month;
