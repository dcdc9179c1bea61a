-- A period of months, from the first days of two months, and the periods it is compared with, a row each. compared: now, yoy (the same
-- months of the year before) or prev (as many months before it). is_known: growth may compare it (known_months).
CREATE OR REPLACE MACRO compared_periods(from_month, to_month) AS TABLE
SELECT
    p.compared,
    months_later(from_month, p.shift) AS first_month,
    months_later(to_month, p.shift) AS last_month,
    p.months,
    has_every_month(known.months, months_later(from_month, p.shift), p.months) AS is_known
FROM (
    SELECT
        length.months,
        unnest(
            [
                {'compared': 'now', 'shift': 0}, {'compared': 'yoy', 'shift': -12},
                {'compared': 'prev', 'shift': -length.months}
            ],
            max_depth := 2
        )
    FROM (SELECT date_diff('month', CAST(from_month AS DATE), CAST(to_month AS DATE)) + 1 AS months) AS length
) AS p
CROSS JOIN known_months AS known;

-- The figures of a period of months and of those it is compared with (compared_periods), with growth of the period on each in per cent:
-- SELECT * FROM period_totals(DATE '2025-01-01', DATE '2025-03-01') is the first quarter. Growth is null unless every month of both
-- periods is covered or, if coverage is unknown, holds counted awards (known_months).
CREATE OR REPLACE MACRO period_totals(from_month, to_month) AS TABLE
WITH totals AS (
    SELECT
        p.compared,
        p.first_month,
        p.last_month,
        p.months,
        p.is_known,
        count(a.award_key) AS awards,
        count(a.award_key) FILTER (a.disclosed) AS disclosed,
        count(a.award_key) FILTER (NOT a.disclosed) AS undisclosed,
        sum(a.amount_yuan) AS amount_yuan,
        count(a.award_key) FILTER (len(a.flags) > 0) AS flagged
    FROM compared_periods(from_month, to_month) AS p
    LEFT JOIN counted_awards AS a ON a.month BETWEEN p.first_month AND p.last_month
    GROUP BY p.compared, p.first_month, p.last_month, p.months, p.is_known
)
SELECT
    base.compared,
    base.first_month,
    base.last_month,
    base.months,
    base.is_known,
    base.awards,
    base.disclosed,
    base.undisclosed,
    base.amount_yuan,
    yi(base.amount_yuan) AS amount_yi,
    base.flagged,
    CASE
        WHEN base.compared <> 'now'
        THEN known_growth_pct(now.awards, base.awards, known.months, now.first_month, base.first_month, now.months)
    END AS awards_growth_pct,
    CASE
        WHEN base.compared <> 'now'
        THEN known_growth_pct(now.amount_yuan, base.amount_yuan, known.months, now.first_month, base.first_month, now.months)
    END AS amount_growth_pct
FROM totals AS base
JOIN totals AS now ON now.compared = 'now'
CROSS JOIN known_months AS known
ORDER BY list_position(['now', 'yoy', 'prev'], base.compared);
