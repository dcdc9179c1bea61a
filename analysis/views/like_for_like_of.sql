-- Growth of each month on the year before (compared = 'yoy') and on the month before ('mom'), plain and like for like: over the
-- portals whose every day was complete in both months (covered_days_as_of, which explains search_words and of_portals). An award is in
-- the comparison once if any portal with a result notice of it is among those, with its date and price as they are, whatever other
-- portals say of it. Like-for-like figures are null if no portal was complete in both months. Plain growth is that of the view
-- "monthly". counted_table names a table of counted awards with month, amount_yuan and portals; coverage is that known at ts. With
-- from_month and period_months it is the growth of that period alone (month is its first one); 'mom' is then on the period before.
CREATE OR REPLACE MACRO like_for_like_of(
    counted_table, ts, search_words := NULL, of_portals := NULL, from_month := NULL, period_months := 1
) AS TABLE
WITH days AS MATERIALIZED (
    SELECT * FROM covered_days_as_of(ts, search_words := search_words, of_portals := of_portals)
), awards_by_portals AS (
    SELECT month, portals AS award_portals, count(*) AS awards, sum(amount_yuan) AS amount_yuan
    FROM query_table(counted_table)
    GROUP BY month, portals
), complete AS (
    SELECT portal, list(month) AS months
    FROM covered_portal_months_in('days')
    WHERE is_complete
    GROUP BY portal
), known AS (
    SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM awards_by_portals)) AS months
    FROM known_months_in('days', ts, of_portals := of_portals)
), begins AS (
    SELECT DISTINCT month FROM awards_by_portals WHERE from_month IS NULL
    UNION ALL
    SELECT CAST(from_month AS DATE) WHERE from_month IS NOT NULL
), pairs AS (
    SELECT month, 'yoy' AS compared, months_later(month, -12) AS base_month FROM begins
    UNION ALL
    SELECT month, 'mom' AS compared, months_later(month, -period_months) AS base_month FROM begins
), compared AS (
    SELECT
        p.month,
        p.compared,
        p.base_month,
        list(c.portal ORDER BY c.portal) FILTER (
            has_every_month(c.months, p.month, period_months) AND has_every_month(c.months, p.base_month, period_months)
        ) AS portals
    FROM pairs AS p
    LEFT JOIN complete AS c ON true
    GROUP BY p.month, p.compared, p.base_month
), figures AS (
    SELECT
        c.*,
        CAST(sum(a.awards) FILTER (a.is_now) AS BIGINT) AS awards,
        CAST(sum(a.awards) FILTER (a.is_base) AS BIGINT) AS base_awards,
        sum(a.amount_yuan) FILTER (a.is_now) AS amount_yuan,
        sum(a.amount_yuan) FILTER (a.is_base) AS base_amount_yuan,
        CAST(coalesce(sum(a.awards) FILTER (a.is_now AND a.alike), 0) AS BIGINT) AS like_awards,
        CAST(coalesce(sum(a.awards) FILTER (a.is_base AND a.alike), 0) AS BIGINT) AS like_base_awards,
        sum(a.amount_yuan) FILTER (a.is_now AND a.alike) AS like_amount_yuan,
        sum(a.amount_yuan) FILTER (a.is_base AND a.alike) AS like_base_amount_yuan
    FROM compared AS c
    JOIN LATERAL (
        SELECT
            *,
            list_has_any(award_portals, c.portals) AS alike,
            month BETWEEN c.month AND months_later(c.month, period_months - 1) AS is_now,
            month BETWEEN c.base_month AND months_later(c.base_month, period_months - 1) AS is_base
        FROM awards_by_portals
    ) AS a ON a.is_now OR a.is_base
    GROUP BY c.month, c.compared, c.base_month, c.portals
)
SELECT
    month,
    compared,
    base_month,
    awards,
    base_awards,
    known_growth_pct(awards, base_awards, known.months, month, base_month, period_months) AS awards_pct,
    amount_yuan,
    base_amount_yuan,
    known_growth_pct(amount_yuan, base_amount_yuan, known.months, month, base_month, period_months) AS amount_pct,
    portals,
    CASE WHEN portals IS NOT NULL THEN like_awards END AS like_awards,
    CASE WHEN portals IS NOT NULL THEN like_base_awards END AS like_base_awards,
    growth_pct(like_awards, like_base_awards) AS like_awards_pct,
    like_amount_yuan,
    like_base_amount_yuan,
    growth_pct(like_amount_yuan, like_base_amount_yuan) AS like_amount_pct
FROM figures
CROSS JOIN known
ORDER BY month, compared DESC;
