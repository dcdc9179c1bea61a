-- The awards of the span of days in the variables "since" and "until" (null: without limit), with the day that their files are named
-- by. An award that ended has the day of its last state. Awards without a day belong to no span.
CREATE OR REPLACE TEMP TABLE chosen_awards AS
SELECT award_key, max_by(awarded_on, valid_from) AS day
FROM main.award_states
GROUP BY award_key
HAVING (getvariable('since') IS NULL OR day >= getvariable('since')) AND (getvariable('until') IS NULL OR day <= getvariable('until'));

-- The notices of these awards and those that were published in the span.
CREATE OR REPLACE TEMP TABLE chosen_notices AS
SELECT unnest(notice_keys) AS notice_key FROM main.award_states WHERE award_key IN (SELECT award_key FROM chosen_awards)
UNION
SELECT notice_key
FROM main.notices
WHERE
    (getvariable('since') IS NULL OR published_on >= getvariable('since'))
    AND (getvariable('until') IS NULL OR published_on <= getvariable('until'));
