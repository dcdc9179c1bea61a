-- The awards as they were known at an instant: SELECT * FROM awards_as_of(TIMESTAMPTZ '2025-08-31 00:00+08').
CREATE OR REPLACE MACRO awards_as_of(ts) AS TABLE
SELECT *
FROM award_states
WHERE valid_from <= CAST(ts AS TIMESTAMPTZ) AND (valid_to IS NULL OR valid_to > CAST(ts AS TIMESTAMPTZ));
