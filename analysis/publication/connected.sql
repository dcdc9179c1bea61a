-- The notices that can be joined with a chosen one. An award can be resolved again only with all of them.
INSERT INTO chosen_notices
SELECT DISTINCT other.notice_key
FROM chosen_notices
JOIN working.award_blocks AS own USING (notice_key)
JOIN working.award_blocks AS other USING (block)
ANTI JOIN chosen_notices AS known ON known.notice_key = other.notice_key
