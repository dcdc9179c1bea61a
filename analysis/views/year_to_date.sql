-- Awards and disclosed amounts from January to the end of each month, with growth in per cent on the same months of the year
-- before. Growth is null unless each of those months has a counted award in the year before. A base that begins in July does not do.
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
    yi(m.amount_yuan) AS amount_yi,
    growth_pct(m.awards, base.awards) AS awards_yoy_pct,
    growth_pct(m.amount_yuan, base.amount_yuan) AS amount_yoy_pct
FROM so_far AS m
LEFT JOIN so_far AS base ON base.month = months_later(m.month, -12) AND base.months = month(base.month)
ORDER BY m.month;
