-- The notices of the attached data set "published" as a store has them, so that awards can be resolved from them again. The temporary
-- tables number_keys, name_keys and party_keys have the keys of what was written.
INSERT INTO private.observations
SELECT notice_key, first_seen_at, content_hash FROM published.main.notices ORDER BY notice_key, version;

CREATE OR REPLACE TEMP TABLE first_versions AS
SELECT content_hash, notice_key, version
FROM published.main.notices
QUALIFY row_number() OVER (PARTITION BY content_hash ORDER BY notice_key, version) = 1;

INSERT INTO private.contents BY NAME
SELECT
    n.* EXCLUDE (version, is_latest, origin),
    number.key AS project_number_key,
    project.key AS project_name_key,
    party.key AS buyer_key,
    n.content_hash AS page_key,
    0 AS seq
FROM published.main.notices AS n
JOIN first_versions USING (content_hash, notice_key, version)
LEFT JOIN number_keys AS number ON number.portal = n.portal AND number.written = n.project_number
LEFT JOIN name_keys AS project ON project.written = n.project_name
LEFT JOIN party_keys AS party ON party.written = n.buyer
ORDER BY n.content_hash;

INSERT INTO private.content_lots BY NAME
SELECT v.content_hash, l.* EXCLUDE (notice_key, version), name.key AS lot_key
FROM published.main.lots AS l
JOIN first_versions AS v USING (notice_key, version)
LEFT JOIN name_keys AS name ON name.written = l.lot_name
ORDER BY v.content_hash, l.lot_seq;

INSERT INTO private.content_winners BY NAME
SELECT v.content_hash, w.* EXCLUDE (notice_key, version), party.key AS supplier_key
FROM published.main.winners AS w
JOIN first_versions AS v USING (notice_key, version)
LEFT JOIN party_keys AS party ON party.written = w.supplier
ORDER BY v.content_hash, w.lot_seq, w.seq;

INSERT INTO private.reviews BY NAME SELECT * FROM published.main.review_decisions ORDER BY ALL;
