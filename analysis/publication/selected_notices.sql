-- The notices in the temporary table chosen_notices, copied from a store (with the staging views) to the attached database "publication",
-- with all that their awards are resolved from. Contact data is not in the store; what a reviewer wrote about himself is left out here.
-- The text of notices is published as pages, and only if asked for.
INSERT INTO publication.main.notices BY NAME
SELECT n.* REPLACE (NULL AS body), c.platform_number_key
FROM main.notices AS n
JOIN stg_contents AS c USING (content_hash)
WHERE n.notice_key IN (SELECT notice_key FROM chosen_notices)
ORDER BY n.notice_key, n.version;

INSERT INTO publication.main.lots BY NAME
SELECT * FROM main.lots
WHERE notice_key IN (SELECT notice_key FROM chosen_notices)
ORDER BY notice_key, version, lot_seq;

INSERT INTO publication.main.winners BY NAME
SELECT * FROM main.winners
WHERE notice_key IN (SELECT notice_key FROM chosen_notices)
ORDER BY notice_key, version, lot_seq, seq;

INSERT INTO publication.main.review_decisions BY NAME
SELECT reviewed_at, award_key, notice_keys, decided, lots FROM stg_reviews
WHERE list_has_any(notice_keys, (SELECT list(notice_key) FROM chosen_notices))
ORDER BY reviewed_at, award_key, CAST(decided AS VARCHAR);
