-- What was known at an instant of each day of each channel of a portal, from the crawls that asked for every notice (not for
-- keywords): crawled_questions_as_of explains it.
CREATE OR REPLACE MACRO crawled_days_as_of(ts) AS TABLE
SELECT * EXCLUDE (keywords) FROM crawled_questions_as_of(ts) WHERE keywords = '' ORDER BY ALL;
