-- Awards and disclosed amounts from January to the end of each month, with growth in per cent on the same months of the year
-- before. Growth is null unless every month of both years is covered or, if coverage is unknown, holds counted awards (known_months).
-- A base that begins in July does not do.
CREATE OR REPLACE VIEW year_to_date AS
WITH so_far AS (
    SELECT
        month,
        CAST(date_trunc('year', month) AS DATE) AS january,
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
    yi(m.amount_yuan) AS amount_yi,
    known_growth_pct(m.awards, base.awards, known.months, m.january, months_later(m.january, -12), month(m.month)) AS awards_yoy_pct,
    known_growth_pct(m.amount_yuan, base.amount_yuan, known.months, m.january, months_later(m.january, -12), month(m.month))
        AS amount_yoy_pct
FROM so_far AS m
CROSS JOIN known_months AS known
ASOF LEFT JOIN so_far AS base ON base.january = months_later(m.january, -12) AND base.month <= months_later(m.month, -12)
ORDER BY m.month;
