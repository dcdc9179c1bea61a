-- Growth of each month on the year before (compared = 'yoy') and on the month before ('mom'), plain and like for like: over the
-- portals whose every day was complete in both months (covered_days_as_of, which explains search_words and of_portals). An award is in
-- the comparison once if any portal with a result notice of it is among those, with its date and price as they are, whatever other
-- portals say of it. Like-for-like figures are null if no portal was complete in both months. Plain growth is that of the view
-- "monthly". counted_table names a table of counted awards with month, amount_yuan and portals; coverage is that known at ts.
CREATE OR REPLACE MACRO like_for_like_of(counted_table, ts, search_words := NULL, of_portals := NULL) AS TABLE
WITH awards_by_portals AS (
    SELECT month, portals AS award_portals, count(*) AS awards, sum(amount_yuan) AS amount_yuan
    FROM query_table(counted_table)
    GROUP BY month, portals
), complete_months AS (
    SELECT portal, month
    FROM covered_portal_months_as_of(ts, search_words := search_words, of_portals := of_portals)
    WHERE is_complete
), known AS (
    SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM awards_by_portals)) AS months
    FROM known_months_as_of(ts, search_words := search_words, of_portals := of_portals)
), pairs AS (
    SELECT DISTINCT month, 'yoy' AS compared, months_later(month, -12) AS base_month FROM awards_by_portals
    UNION ALL
    SELECT DISTINCT month, 'mom' AS compared, months_later(month, -1) AS base_month FROM awards_by_portals
), compared AS (
    SELECT p.month, p.compared, p.base_month, list(now.portal ORDER BY now.portal) FILTER (base.portal IS NOT NULL) AS portals
    FROM pairs AS p
    LEFT JOIN complete_months AS now ON now.month = p.month
    LEFT JOIN complete_months AS base ON base.month = p.base_month AND base.portal = now.portal
    GROUP BY p.month, p.compared, p.base_month
), figures AS (
    SELECT
        c.*,
        CAST(sum(a.awards) FILTER (a.month = c.month) AS BIGINT) AS awards,
        CAST(sum(a.awards) FILTER (a.month = c.base_month) AS BIGINT) AS base_awards,
        sum(a.amount_yuan) FILTER (a.month = c.month) AS amount_yuan,
        sum(a.amount_yuan) FILTER (a.month = c.base_month) AS base_amount_yuan,
        CAST(coalesce(sum(a.awards) FILTER (a.month = c.month AND a.alike), 0) AS BIGINT) AS like_awards,
        CAST(coalesce(sum(a.awards) FILTER (a.month = c.base_month AND a.alike), 0) AS BIGINT) AS like_base_awards,
        sum(a.amount_yuan) FILTER (a.month = c.month AND a.alike) AS like_amount_yuan,
        sum(a.amount_yuan) FILTER (a.month = c.base_month AND a.alike) AS like_base_amount_yuan
    FROM compared AS c
    JOIN LATERAL (
        SELECT *, list_has_any(award_portals, c.portals) AS alike FROM awards_by_portals WHERE month IN (c.month, c.base_month)
    ) AS a ON true
    GROUP BY c.month, c.compared, c.base_month, c.portals
)
SELECT
    month,
    compared,
    base_month,
    awards,
    base_awards,
    known_growth_pct(awards, base_awards, known.months, month, base_month, 1) AS awards_pct,
    amount_yuan,
    base_amount_yuan,
    known_growth_pct(amount_yuan, base_amount_yuan, known.months, month, base_month, 1) AS amount_pct,
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
