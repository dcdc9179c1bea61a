-- Temp table batch_versions: the versions of the notices in the batch, each with its content. Every join is a statement of
-- its own, because one statement for all joins the complete tables with each other first, in memory.
CREATE OR REPLACE TEMP TABLE batch_hashes AS
SELECT b.component, v.notice_key, v.version, v.first_seen_at, v.content_hash
FROM main.notices AS v JOIN batch_notices AS b USING (notice_key);

CREATE OR REPLACE TEMP TABLE batch_versions AS
SELECT v.*, c.content
FROM (SELECT content_hash, content FROM stg_contents) AS c JOIN batch_hashes AS v USING (content_hash);
