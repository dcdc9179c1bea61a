-- Awards and disclosed amounts of each month, with growth in per cent on the same month of the year before (yoy) and on
-- the month before (mom). A month without any counted award has no row. Growth is null unless both months are covered or, if
-- coverage is unknown, hold counted awards (known_months).
CREATE OR REPLACE VIEW monthly AS
WITH months AS (
    SELECT
        month,
        count(*) AS awards,
        count(*) FILTER (disclosed) AS disclosed,
        count(*) FILTER (NOT disclosed) AS undisclosed,
        sum(amount_yuan) AS amount_yuan,
        count(*) FILTER (len(flags) > 0) AS flagged
    FROM counted_awards
    GROUP BY month
)
SELECT
    m.month,
    m.awards,
    m.disclosed,
    m.undisclosed,
    m.amount_yuan,
    yi(m.amount_yuan) AS amount_yi,
    known_growth_pct(m.awards, year_before.awards, known.months, m.month, months_later(m.month, -12), 1) AS awards_yoy_pct,
    known_growth_pct(m.amount_yuan, year_before.amount_yuan, known.months, m.month, months_later(m.month, -12), 1)
        AS amount_yoy_pct,
    known_growth_pct(m.awards, before.awards, known.months, m.month, months_later(m.month, -1), 1) AS awards_mom_pct,
    known_growth_pct(m.amount_yuan, before.amount_yuan, known.months, m.month, months_later(m.month, -1), 1) AS amount_mom_pct,
    m.flagged
FROM months AS m
CROSS JOIN known_months AS known
LEFT JOIN months AS year_before ON year_before.month = months_later(m.month, -12)
LEFT JOIN months AS before ON before.month = months_later(m.month, -1)
ORDER BY m.month;
