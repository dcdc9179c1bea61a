-- The notices first seen in each crawl, by portal and kind: how many there are, and in how many each field was read.
-- Notices first seen between two crawls were read from files; their row has no crawl_id. Ordered by time within a portal.
WITH runs AS (
    SELECT crawl_id, portal, started_at, finished_at FROM crawls WHERE stored > 0 AND finished_at IS NOT NULL
), crawled AS (
    SELECT DISTINCT portal FROM runs
)
SELECT
    n.portal,
    n.kind,
    CASE WHEN n.first_seen_at <= r.finished_at THEN r.crawl_id END AS crawl_id,
    any_value(r.finished_at) AS checked_at,
    count(*) AS notices,
    count(*) FILTER (n.title) AS title,
    count(*) FILTER (n.published_on) AS published_on,
    count(*) FILTER (n.project_number) AS project_number,
    count(*) FILTER (n.buyer) AS buyer,
    count(*) FILTER (n.supplier) AS supplier,
    count(*) FILTER (n.amount) AS amount,
    count(*) FILTER (n.nothing) AS nothing,
    count(*) FILTER (NOT (n.title OR n.buyer OR n.supplier OR n.project_number)) AS no_words
FROM (FROM working.field_readings SEMI JOIN crawled USING (portal)) AS n
ASOF LEFT JOIN runs AS r ON n.portal = r.portal AND n.first_seen_at >= r.started_at
GROUP BY n.portal, n.kind, r.started_at, r.crawl_id, n.first_seen_at <= r.finished_at
ORDER BY n.portal, r.started_at NULLS FIRST, n.first_seen_at <= r.finished_at DESC, n.kind;
