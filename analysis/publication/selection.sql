-- What is published, copied from a store (with the staging views) to the attached database "publication". The temporary table
-- chosen_awards has the award keys, chosen_notices the notice keys. Contact data is not in the store; what a reviewer wrote about
-- himself is left out here. The text of notices is published as pages, and only if asked for.
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

INSERT INTO publication.main.awards BY NAME
SELECT * REPLACE (
    CASE WHEN (evidence -> '$.reviewed') IS NULL THEN evidence ELSE json_merge_patch(evidence, '{"reviewed": null}') END AS evidence
)
FROM main.awards
WHERE award_key IN (SELECT award_key FROM chosen_awards)
ORDER BY award_key;

INSERT INTO publication.main.award_states BY NAME
SELECT * FROM main.award_states
WHERE award_key IN (SELECT award_key FROM chosen_awards)
ORDER BY award_key, valid_from;

INSERT INTO publication.main.award_lots BY NAME
SELECT * FROM main.award_lots
WHERE award_key IN (SELECT award_key FROM chosen_awards)
ORDER BY award_key, seq;

INSERT INTO publication.main.reviews BY NAME
SELECT * REPLACE (NULL AS reviewer, NULL AS note) FROM main.reviews
WHERE award_key IN (SELECT award_key FROM chosen_awards)
ORDER BY award_key, field;

INSERT INTO publication.main.review_decisions BY NAME
SELECT reviewed_at, award_key, notice_keys, decided, lots FROM stg_reviews
WHERE list_has_any(notice_keys, (SELECT list(notice_key) FROM chosen_notices))
ORDER BY reviewed_at, award_key, CAST(decided AS VARCHAR);

INSERT INTO publication.main.portals FROM main.portals ORDER BY portal;

INSERT INTO publication.main.crawls BY NAME FROM main.crawls ORDER BY started_at, crawl_id;

INSERT INTO publication.main.crawl_windows BY NAME FROM main.crawl_windows ORDER BY crawl_id, channel, keywords, day;

INSERT INTO publication.main.crawl_alarms BY NAME FROM main.crawl_alarms ORDER BY checked_at, crawl_id, alarm, subject;

INSERT INTO publication.main.published_figures FROM main.published_figures ORDER BY ALL;

INSERT INTO publication.main.about FROM main.about;
