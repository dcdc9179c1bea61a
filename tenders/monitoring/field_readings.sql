-- Which fields were read in each version of the notices in read_again: working.field_readings keeps that between two loads.
INSERT INTO working.field_readings BY NAME
WITH priced_lots AS (
    -- A rate or a unit price counts as read, though it discloses no amount.
    SELECT notice_key, version
    FROM lots
    WHERE
        notice_key IN (SELECT notice_key FROM read_again)
        AND (amount_yuan IS NOT NULL OR amount_kind IN ('rate', 'unit_price'))
    GROUP BY ALL
), winning AS (
    SELECT notice_key, version, bool_or(amount_yuan IS NOT NULL) AS priced
    FROM winners
    WHERE notice_key IN (SELECT notice_key FROM read_again)
    GROUP BY ALL
), readings AS (
    SELECT
        n.notice,
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
    FROM (
        SELECT rowid AS notice, notice_key, version, portal, kind, first_seen_at, title, published_on, project_number, buyer
        FROM notices
        WHERE notice_key IN (SELECT notice_key FROM read_again)
    ) AS n
    LEFT JOIN winning AS w USING (notice_key, version)
    LEFT JOIN priced_lots AS p USING (notice_key, version)
), bare_pages AS (
    -- Pages without winner and price, whose other fields may come from the portal's list. The lines from the list come
    -- first in the body; they are removed here, so that only the page's own text counts. A WHERE with the same condition
    -- would be asked of every notice in the store, before those of readings are chosen.
    SELECT
        notice,
        NOT coalesce(contains(page, buyer), FALSE) AND NOT coalesce(contains(page, project_number), FALSE) AS nothing
    FROM (
        SELECT
            rowid AS notice,
            buyer,
            project_number,
            regexp_replace(body, '^((采购单位|代理机构名称|项目编号|行政区域)：[^\n]*(\n|$))*', '') AS page
        FROM notices
        WHERE rowid IN (SELECT notice FROM readings WHERE kind IN ('award', 'candidate') AND NOT supplier AND NOT amount)
    )
)
SELECT r.* EXCLUDE (notice, version), coalesce(b.nothing, FALSE) AS nothing
FROM readings AS r
LEFT JOIN bare_pages AS b USING (notice);
