-- Load the notices and pages of one package of spool segments into the private store. The table "spooled" has their
-- lines. Loading the same lines twice, or in another order, gives the same store.

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
LEFT JOIN private.contents AS c USING (content_hash)
WHERE c.content_hash IS NULL OR (s.seen_at, s.page_key, s.seq) < (c.first_seen_at, c.page_key, c.seq);

DELETE FROM private.contents WHERE content_hash IN (SELECT content_hash FROM taken);
DELETE FROM private.content_lots WHERE content_hash IN (SELECT content_hash FROM taken);
DELETE FROM private.content_winners WHERE content_hash IN (SELECT content_hash FROM taken);

INSERT INTO private.contents BY NAME
SELECT
    content_hash, notice_key, portal, notice_id, url, kind, title, try_cast(published_on AS DATE) AS published_on,
    project_number, project_name, buyer, buyer_vendor, buyer_kind, agency, province, body, cancels_result, is_large_model, relevance,
    project_type, project_type_second, sector, subsector, evidence, project_number_key, platform_number_key, project_name_key, buyer_key,
    price_statements, region, buyer_address, category, lexicon, seen_at::TIMESTAMPTZ AS first_seen_at, page_key, seq
FROM spooled
WHERE rowid IN (SELECT line FROM taken);

CREATE OR REPLACE TEMP TABLE incoming_lot AS
SELECT content_hash, generate_subscripts(lots, 1)::INTEGER AS lot_seq, unnest(lots) AS lot
FROM spooled
WHERE rowid IN (SELECT line FROM taken);

INSERT INTO private.content_lots BY NAME
SELECT
    content_hash, lot_seq, lot.lot_no, lot.lot_name, lot.lot_key, try_cast(lot.amount_yuan AS DECIMAL(18, 2)) AS amount_yuan,
    lot.amount_kind, lot.amount_text, lot.tax_included, lot.is_large_model, lot.failed, lot.numbered, lot.subject,
    lot.price_statements
FROM incoming_lot
ORDER BY content_hash, lot_seq;

INSERT INTO private.content_winners BY NAME
SELECT
    content_hash, lot_seq, lot_no, seq, winner.position, winner.supplier, winner.supplier_key, winner.vendor, winner.role,
    try_cast(winner.share_pct AS DECIMAL(9, 4)) AS share_pct, try_cast(winner.amount_yuan AS DECIMAL(18, 2)) AS amount_yuan
FROM (
    SELECT
        content_hash, lot_seq, lot.lot_no AS lot_no,
        generate_subscripts(lot.winners, 1)::INTEGER AS seq, unnest(lot.winners) AS winner
    FROM incoming_lot
)
WHERE winner.supplier IS NOT NULL
ORDER BY content_hash, lot_seq, seq;

-- 2. Sightings, each once.
CREATE OR REPLACE TEMP TABLE new_observation AS
SELECT DISTINCT notice_key, seen_at, content_hash FROM sighting
EXCEPT
SELECT notice_key, seen_at, content_hash FROM private.observations;

INSERT INTO private.observations SELECT * FROM new_observation ORDER BY ALL;

INSERT INTO private.pending
(SELECT notice_key FROM new_observation UNION SELECT notice_key FROM taken)
EXCEPT
SELECT notice_key FROM private.pending;

-- 3. Pages, each once by its key.
-- A page that lacks one of its notices, because that line was damaged, is not known: it is read again.
INSERT INTO private.pages
SELECT DISTINCT ON (page_key) page_key, portal, url
FROM spooled
LEFT JOIN (SELECT page_key, count(DISTINCT seq) AS notices FROM sighting GROUP BY page_key) AS arrived USING (page_key)
WHERE t = 'page' AND coalesce(arrived.notices, 0) >= coalesce(seq, 0)
    AND page_key NOT IN (SELECT page_key FROM private.pages)
ORDER BY page_key;

-- Only new sightings and crawls change the public tables; without them there is nothing to build and publish.
UPDATE private.loads SET merged = merged + 1 WHERE EXISTS (FROM private.pending);
