-- The portals that were crawled by an instant, complete or not. of_portals are the portals that count (null: all).
CREATE OR REPLACE MACRO crawled_portals_as_of(ts, of_portals := NULL) AS TABLE
SELECT DISTINCT portal
FROM crawls
WHERE finished_at <= CAST(ts AS TIMESTAMPTZ) AND (of_portals IS NULL OR list_contains(of_portals, portal))
ORDER BY portal;

-- How many days of each month of each crawled portal are completely known. days_table names a table of covered days
-- (covered_days_as_of).
CREATE OR REPLACE MACRO covered_portal_months_in(days_table) AS TABLE
SELECT
    portal,
    month_of(day) AS month,
    count(*) FILTER (state = 'complete') AS days_complete,
    count(*) FILTER (state = 'complete') = day(last_day(any_value(day))) AS is_complete
FROM query_table(days_table)
GROUP BY ALL
ORDER BY ALL;

-- The coverage of each month at an instant. state: complete (every portal that was ever crawled is complete on each day of the month),
-- partial, or unknown: no day of it was crawled, and it has notices of portals that never were (files, tables). portals_missing lists
-- the crawled portals that are not complete. days_table names a table of covered days (covered_days_as_of).
CREATE OR REPLACE MACRO covered_months_in(days_table, ts, of_portals := NULL) AS TABLE
WITH crawled AS (
    SELECT list(portal) AS portals FROM crawled_portals_as_of(ts, of_portals := of_portals)
), months AS (
    SELECT month, list(portal) FILTER (is_complete) AS portals_complete
    FROM covered_portal_months_in(days_table)
    GROUP BY month
), from_files AS (
    SELECT DISTINCT month_of(published_on) AS month
    FROM notices
    CROSS JOIN crawled
    WHERE
        published_on IS NOT NULL
        AND first_seen_at <= CAST(ts AS TIMESTAMPTZ)
        AND (of_portals IS NULL OR list_contains(of_portals, portal))
        AND NOT list_contains(coalesce(crawled.portals, []), portal)
), missing AS (
    SELECT
        coalesce(m.month, f.month) AS month,
        m.month IS NULL AS is_unknown,
        list_sort([p FOR p IN coalesce(crawled.portals, []) IF NOT list_contains(coalesce(m.portals_complete, []), p)]) AS portals_missing
    FROM months AS m
    FULL JOIN from_files AS f ON f.month = m.month
    CROSS JOIN crawled
)
SELECT
    month,
    CASE WHEN is_unknown THEN 'unknown' WHEN portals_missing = [] THEN 'complete' ELSE 'partial' END AS state,
    portals_missing
FROM missing
ORDER BY month;

-- What growth may compare at an instant, as lists of months in one row: those that are complete, and those whose coverage is unknown,
-- which must also hold counted awards (known_months).
CREATE OR REPLACE MACRO known_months_in(days_table, ts, of_portals := NULL) AS TABLE
SELECT
    coalesce(list(month ORDER BY month) FILTER (state = 'complete'), []) AS complete_months,
    coalesce(list(month ORDER BY month) FILTER (state = 'unknown'), []) AS unknown_months
FROM covered_months_in(days_table, ts, of_portals := of_portals);

-- The coverage of each month at an instant: covered_months_in explains it, and covered_days_as_of the words and portals.
CREATE OR REPLACE MACRO covered_months_as_of(ts, search_words := NULL, of_portals := NULL) AS TABLE
WITH days AS MATERIALIZED (
    SELECT * FROM covered_days_as_of(ts, search_words := search_words, of_portals := of_portals)
)
SELECT * FROM covered_months_in('days', ts, of_portals := of_portals);

-- What growth may compare at an instant: known_months_in explains it.
CREATE OR REPLACE MACRO known_months_as_of(ts, search_words := NULL, of_portals := NULL) AS TABLE
WITH days AS MATERIALIZED (
    SELECT * FROM covered_days_as_of(ts, search_words := search_words, of_portals := of_portals)
)
SELECT * FROM known_months_in('days', ts, of_portals := of_portals);
