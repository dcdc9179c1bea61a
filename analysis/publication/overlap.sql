-- What a base has in common with the notices of {first}. Awards of the base that share a notice with an award there are of the same
-- project. The other notices of the base that the rules could join with one there are looked at by the rules themselves (overlap).
CREATE OR REPLACE TEMP TABLE award_notices AS
SELECT DISTINCT unnest(notice_keys) AS notice_key FROM {first}.award_states;

CREATE OR REPLACE TEMP TABLE base_award_notices AS
SELECT DISTINCT award_key, unnest(notice_keys) AS notice_key FROM base.main.award_states;

CREATE OR REPLACE TEMP TABLE sharing_awards AS
SELECT DISTINCT award_key
FROM base_award_notices
WHERE notice_key IN (FROM award_notices)
UNION
SELECT award_key FROM base.main.award_states WHERE award_key IN (SELECT award_key FROM {first}.award_states);

CREATE OR REPLACE TEMP TABLE blocks_of_both AS
SELECT block, notice_key, TRUE AS is_first FROM {blocks}
UNION ALL
SELECT block, notice_key, FALSE
FROM base.main.award_blocks
WHERE
    notice_key NOT IN (SELECT notice_key FROM {first}.notices)
    AND notice_key NOT IN (SELECT notice_key FROM base_award_notices SEMI JOIN sharing_awards USING (award_key));

CREATE OR REPLACE TEMP TABLE overlap AS
SELECT DISTINCT notice_key, is_first
FROM blocks_of_both
WHERE NOT is_first AND block IN (SELECT block FROM blocks_of_both WHERE is_first);
