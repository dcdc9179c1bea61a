-- Load the notices and pages of one package of spool segments into the private store. The table "spooled" has their
-- lines. Loading the same lines twice, or in another order, gives the same store. What the store has is first reduced to the keys
-- that came: a join with all of it would keep all of its keys in memory.

-- 1. Notices: contents that are new, or seen earlier than the stored row. Only keys are copied to temporary tables,
-- not bodies.
CREATE OR REPLACE TEMP TABLE sighting AS
SELECT rowid AS line, content_hash, notice_key, seen_at::TIMESTAMPTZ AS seen_at, page_key, seq
FROM spooled
WHERE t = 'notice' AND notice_key IS NOT NULL AND content_hash IS NOT NULL AND page_key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE taken AS
SELECT s.line, s.content_hash, s.notice_key, s.seen_at
FROM (
    SELECT * FROM sighting
    QUALIFY row_number() OVER (PARTITION BY content_hash ORDER BY seen_at, page_key, seq, line) = 1
) AS s
LEFT JOIN (
    SELECT content_hash, first_seen_at, page_key, seq
    FROM private.contents
    WHERE content_hash IN (SELECT content_hash FROM sighting)
) AS c USING (content_hash)
WHERE c.content_hash IS NULL OR (s.seen_at, s.page_key, s.seq) < (c.first_seen_at, c.page_key, c.seq);
