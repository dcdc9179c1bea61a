-- The notices first seen in each crawl, by portal and kind: how many there are, and in how many each field was read.
-- Notices first seen between two crawls were read from files; their row has no crawl_id. Ordered by time within a portal.
WITH runs AS (
    SELECT crawl_id, portal, started_at, finished_at FROM crawls WHERE stored > 0 AND finished_at IS NOT NULL
), crawled AS (
    SELECT DISTINCT portal FROM runs
), priced_lots AS (
    -- A rate or a unit price counts as read, though it discloses no amount.
    SELECT notice_key, version
    FROM lots
    WHERE amount_yuan IS NOT NULL OR amount_kind IN ('rate', 'unit_price')
    GROUP BY ALL
), winning AS (
    SELECT notice_key, version, bool_or(amount_yuan IS NOT NULL) AS priced FROM winners GROUP BY ALL
), readings AS (
    SELECT
        n.notice_key,
        n.version,
        n.portal,
        n.kind,
        n.first_seen_at,
        n.title IS NOT NULL AS title,
        n.published_on IS NOT NULL AS published_on,
        n.project_number IS NOT NULL AS project_number,
        n.buyer IS NOT NULL AS buyer,
        w.notice_key IS NOT NULL AS supplier,
        coalesce(w.priced, FALSE) OR p.notice_key IS NOT NULL AS amount
    FROM notices AS n
    SEMI JOIN crawled USING (portal)
    LEFT JOIN winning AS w USING (notice_key, version)
    LEFT JOIN priced_lots AS p USING (notice_key, version)
), empty_pages AS (
    -- Pages without winner and price, whose other fields came from the portal's list. The lines from the list come first
    -- in the body; they are removed here, so that only the page's own text counts.
    SELECT notice_key, version
    FROM (
        SELECT n.*, regexp_replace(n.body, '^((采购单位|代理机构名称|项目编号|行政区域)：[^\n]*(\n|$))*', '') AS page
        FROM notices AS n
        SEMI JOIN (FROM readings WHERE kind IN ('award', 'candidate') AND NOT supplier AND NOT amount)
            USING (notice_key, version)
    )
    WHERE NOT coalesce(contains(page, buyer), FALSE) AND NOT coalesce(contains(page, project_number), FALSE)
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
    count(e.notice_key) AS nothing,
    count(*) FILTER (NOT (n.title OR n.buyer OR n.supplier OR n.project_number)) AS no_words
FROM readings AS n
ASOF LEFT JOIN runs AS r ON n.portal = r.portal AND n.first_seen_at >= r.started_at
LEFT JOIN empty_pages AS e USING (notice_key, version)
GROUP BY n.portal, n.kind, r.started_at, r.crawl_id, n.first_seen_at <= r.finished_at
ORDER BY n.portal, r.started_at NULLS FIRST, n.first_seen_at <= r.finished_at DESC, n.kind;
