-- The days that each period of the published figures covers: 2025, 2025-H1, 2025-Q2, 2025-07, spans of months or days (2025-01..2025-09).
-- first_day is null if a span gives no beginning (..2025-Q2).
CREATE OR REPLACE VIEW published_periods AS
WITH ends AS (
    SELECT DISTINCT
        period,
        CASE WHEN contains(period, '..') THEN nullif(split_part(period, '..', 1), '') ELSE period END AS begins,
        CASE WHEN contains(period, '..') THEN split_part(period, '..', 2) ELSE period END AS ends
    FROM published_figures
), months AS (
    -- The first month of the part that begins it and the last month of the part that ends it.
    SELECT
        *,
        CAST(left(begins, 4) AS INTEGER) AS begin_year,
        CASE
            WHEN begins LIKE '%-Q%' THEN 3 * CAST(right(begins, 1) AS INTEGER) - 2
            WHEN begins LIKE '%-H%' THEN 6 * CAST(right(begins, 1) AS INTEGER) - 5
            WHEN length(begins) = 4 THEN 1
            ELSE CAST(substr(begins, 6, 2) AS INTEGER)
        END AS begin_month,
        CAST(left(ends, 4) AS INTEGER) AS end_year,
        CASE
            WHEN ends LIKE '%-Q%' THEN 3 * CAST(right(ends, 1) AS INTEGER)
            WHEN ends LIKE '%-H%' THEN 6 * CAST(right(ends, 1) AS INTEGER)
            WHEN length(ends) = 4 THEN 12
            ELSE CAST(substr(ends, 6, 2) AS INTEGER)
        END AS end_month
    FROM ends
)
SELECT
    period,
    CASE WHEN length(begins) = 10 THEN CAST(begins AS DATE) ELSE make_date(begin_year, begin_month, 1) END AS first_day,
    CASE WHEN length(ends) = 10 THEN CAST(ends AS DATE) ELSE last_day(make_date(end_year, end_month, 1)) END AS last_day
FROM months
ORDER BY first_day NULLS FIRST, last_day;
