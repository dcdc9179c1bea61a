-- Versions of the touched notices: sightings by the time they were made, equal neighbours being one version.
CREATE OR REPLACE TEMP TABLE touched_versions AS
WITH sightings AS (
    SELECT
        notice_key,
        seen_at,
        content_hash,
        lag(content_hash) OVER (PARTITION BY notice_key ORDER BY seen_at, content_hash) AS before
    FROM stg_sightings
    WHERE notice_key IN (SELECT notice_key FROM touched)
),
versions AS (
    SELECT
        notice_key,
        content_hash,
        seen_at AS first_seen_at,
        CAST(row_number() OVER (PARTITION BY notice_key ORDER BY seen_at, content_hash) AS INTEGER) AS version,
        lead(seen_at) OVER (PARTITION BY notice_key ORDER BY seen_at, content_hash) IS NULL AS is_latest
    FROM sightings
    WHERE before IS DISTINCT FROM content_hash
)
SELECT v.*, c.content
FROM versions AS v
JOIN (SELECT content_hash, content FROM stg_contents) AS c USING (content_hash);

-- Not sorted: that would hold every body in memory. The published copy is in order.
INSERT INTO notices BY NAME
SELECT
    v.notice_key, v.version, v.is_latest, c.portal, c.notice_id, c.url, c.kind, c.title, c.published_on,
    c.project_number, c.project_name, c.buyer, c.buyer_vendor, c.buyer_kind, c.agency, c.province, c.body, c.is_large_model, c.relevance,
    c.project_type, c.project_type_second, c.sector, c.subsector, c.cancels_result, c.price_statements, c.evidence,
    v.first_seen_at, v.content_hash
FROM touched_versions AS v
JOIN stg_contents AS c USING (content);

INSERT INTO lots BY NAME
SELECT
    v.notice_key, v.version, l.lot_no, l.lot_name, l.amount_yuan, l.amount_kind, l.amount_text, l.tax_included, l.is_large_model, l.lot_seq, l.failed, l.numbered, l.price_statements
FROM touched_versions AS v
JOIN stg_lots AS l USING (content_hash)
ORDER BY v.notice_key, v.version, l.lot_seq;

INSERT INTO winners BY NAME
SELECT
    v.notice_key, v.version, w.lot_no, w.position, w.supplier, w.vendor, w.role,
    w.share_pct, w.amount_yuan, w.lot_seq, w.seq
FROM touched_versions AS v
JOIN stg_winners AS w USING (content_hash)
ORDER BY v.notice_key, v.version, w.lot_seq, w.seq;
