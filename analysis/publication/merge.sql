-- The rows of the attached database "base", added to a published database. The variable "origin" says who published them; the temporary
-- table given_way has the awards whose projects are known already. Crawls and notices that are known already stay as they are.
CREATE OR REPLACE TEMP TABLE added_awards AS
SELECT DISTINCT award_key FROM base.main.award_states
WHERE award_key NOT IN (FROM given_way) AND award_key NOT IN (SELECT award_key FROM main.award_states);

CREATE OR REPLACE TEMP TABLE added_notices AS
SELECT DISTINCT notice_key FROM base.main.notices WHERE notice_key NOT IN (SELECT notice_key FROM main.notices);

CREATE OR REPLACE TEMP TABLE added_crawls AS
SELECT DISTINCT crawl_id FROM base.main.crawls WHERE crawl_id NOT IN (SELECT crawl_id FROM main.crawls);

INSERT INTO main.notices BY NAME
SELECT * EXCLUDE (platform_number_key) REPLACE (getvariable('origin') AS origin)
FROM base.main.notices SEMI JOIN added_notices USING (notice_key) ORDER BY notice_key, version;

INSERT INTO main.lots BY NAME
SELECT * FROM base.main.lots SEMI JOIN added_notices USING (notice_key) ORDER BY notice_key, version, lot_seq;

INSERT INTO main.winners BY NAME
SELECT * FROM base.main.winners SEMI JOIN added_notices USING (notice_key) ORDER BY notice_key, version, lot_seq, seq;

INSERT INTO main.award_states BY NAME
SELECT * REPLACE (getvariable('origin') AS origin)
FROM base.main.award_states SEMI JOIN added_awards USING (award_key) ORDER BY award_key, valid_from;

INSERT INTO main.awards BY NAME
SELECT * REPLACE (getvariable('origin') AS origin)
FROM base.main.awards SEMI JOIN added_awards USING (award_key) ORDER BY award_key;

INSERT INTO main.award_lots BY NAME
SELECT * FROM base.main.award_lots SEMI JOIN added_awards USING (award_key) ORDER BY award_key, seq;

INSERT INTO main.reviews BY NAME
SELECT * FROM base.main.reviews SEMI JOIN added_awards USING (award_key) ORDER BY ALL;

INSERT INTO main.crawls BY NAME
SELECT * REPLACE (getvariable('origin') AS origin)
FROM base.main.crawls SEMI JOIN added_crawls USING (crawl_id) ORDER BY started_at, crawl_id;

INSERT INTO main.crawl_windows BY NAME
SELECT * FROM base.main.crawl_windows SEMI JOIN added_crawls USING (crawl_id) ORDER BY crawl_id, channel, keywords, day;

INSERT INTO main.crawl_alarms BY NAME
SELECT * FROM base.main.crawl_alarms SEMI JOIN added_crawls USING (crawl_id) ORDER BY checked_at, crawl_id, alarm, subject;
