-- The view "monthly" for quarters, halves and years (months: 3, 6, 12), each a row of its own. In awards_mom_pct and
-- amount_mom_pct growth is on the period before, of the same length. Growth is null unless every month of both periods is covered
-- or, if coverage is unknown, holds counted awards (known_months).
CREATE OR REPLACE VIEW periodic AS
WITH periods AS (
    SELECT
        p.period,
        p.starts_on,
        p.months,
        count(*) AS awards,
        count(*) FILTER (disclosed) AS disclosed,
        count(*) FILTER (NOT disclosed) AS undisclosed,
        sum(amount_yuan) AS amount_yuan,
        count(*) FILTER (len(flags) > 0) AS flagged
    FROM counted_awards
    JOIN counted_periods AS p USING (month)
    GROUP BY p.period, p.starts_on, p.months
)
SELECT
    m.period,
    m.starts_on,
    m.months,
    m.awards,
    m.disclosed,
    m.undisclosed,
    m.amount_yuan,
    yi(m.amount_yuan) AS amount_yi,
    known_growth_pct(m.awards, year_before.awards, known.months, m.starts_on, months_later(m.starts_on, -12), m.months)
        AS awards_yoy_pct,
    known_growth_pct(m.amount_yuan, year_before.amount_yuan, known.months, m.starts_on, months_later(m.starts_on, -12), m.months)
        AS amount_yoy_pct,
    known_growth_pct(m.awards, before.awards, known.months, m.starts_on, months_later(m.starts_on, -m.months), m.months)
        AS awards_mom_pct,
    known_growth_pct(m.amount_yuan, before.amount_yuan, known.months, m.starts_on, months_later(m.starts_on, -m.months), m.months)
        AS amount_mom_pct,
    m.flagged
FROM periods AS m
CROSS JOIN known_months AS known
LEFT JOIN periods AS year_before
    ON year_before.months = m.months AND year_before.starts_on = months_later(m.starts_on, -12)
LEFT JOIN periods AS before
    ON before.months = m.months AND before.starts_on = months_later(m.starts_on, -m.months)
ORDER BY m.starts_on, m.months;
