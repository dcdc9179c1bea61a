-- What else is published, copied like selected_notices.sql. The temporary table chosen_awards has the award keys.
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

INSERT INTO publication.main.portals FROM main.portals ORDER BY portal;

INSERT INTO publication.main.crawls BY NAME FROM main.crawls ORDER BY started_at, crawl_id;

INSERT INTO publication.main.crawl_windows BY NAME FROM main.crawl_windows ORDER BY crawl_id, channel, keywords, day;

INSERT INTO publication.main.crawl_alarms BY NAME FROM main.crawl_alarms ORDER BY checked_at, crawl_id, alarm, subject;

INSERT INTO publication.main.published_figures FROM main.published_figures ORDER BY ALL;

INSERT INTO publication.main.about FROM main.about;
