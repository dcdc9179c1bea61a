-- Load the sightings and pages of one package of spool segments, after merge_notices.sql and take_contents.sql.

-- 1. Sightings, each once.
CREATE OR REPLACE TEMP TABLE new_observation AS
SELECT DISTINCT notice_key, seen_at, content_hash FROM sighting
EXCEPT
SELECT notice_key, seen_at, content_hash FROM private.observations WHERE content_hash IN (SELECT content_hash FROM sighting);

INSERT INTO private.observations SELECT * FROM new_observation ORDER BY ALL;

INSERT INTO private.pending
(SELECT notice_key FROM new_observation UNION SELECT notice_key FROM taken)
EXCEPT
SELECT notice_key FROM private.pending;

-- 2. Pages, each once by its key.
-- A page that lacks one of its notices, because that line was damaged, is not known: it is read again.
INSERT INTO private.pages
SELECT DISTINCT ON (page_key) page_key, portal, url
FROM spooled
LEFT JOIN (SELECT page_key, count(DISTINCT seq) AS notices FROM sighting GROUP BY page_key) AS arrived USING (page_key)
WHERE t = 'page' AND coalesce(arrived.notices, 0) >= coalesce(seq, 0)
    AND page_key NOT IN (SELECT page_key FROM private.pages WHERE page_key IN (SELECT page_key FROM spooled WHERE t = 'page'))
ORDER BY page_key;

-- Only new sightings and crawls change the public tables; without them there is nothing to build and publish.
UPDATE private.loads SET merged = merged + 1 WHERE EXISTS (FROM private.pending);
