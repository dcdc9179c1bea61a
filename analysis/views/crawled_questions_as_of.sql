-- What was known at an instant of each day of each channel of a portal, for each question that crawls asked: keywords is empty if
-- every notice was asked for; otherwise it has the words that were searched for, separated by commas. A day that was complete after
-- its end stays complete if a later crawl read only a part of it and missed nothing. A later crawl that listed more than is stored,
-- or could not read a page, makes the day incomplete again.
CREATE OR REPLACE MACRO crawled_questions_as_of(ts) AS TABLE
WITH questions AS (
    -- Of two crawls that ended at the same instant, either may count.
    SELECT
        portal,
        channel,
        keywords,
        day,
        max(checked_at) AS checked_at,
        arg_max(state, checked_at) AS state,
        arg_max_null(said, checked_at) AS said,
        arg_max(listed, checked_at) AS listed,
        arg_max(stored, checked_at) AS stored,
        arg_max(failed, checked_at) AS failed,
        arg_max(quarantined, checked_at) AS quarantined,
        max(checked_at) FILTER (state = 'complete') AS complete_at,
        arg_max(listed, checked_at) FILTER (state = 'complete') AS complete_listed
    FROM crawl_windows
    WHERE checked_at <= CAST(ts AS TIMESTAMPTZ)
    GROUP BY portal, channel, keywords, day
), judged AS (
    SELECT *, coalesce(complete_at >= end_of_day(day), FALSE) AS settled FROM questions
)
SELECT
    portal,
    channel,
    keywords,
    day,
    CASE
        WHEN state = 'complete' THEN 'complete'
        WHEN settled AND failed + quarantined = 0 AND listed <= complete_listed THEN 'complete'
        ELSE state
    END AS state,
    settled,
    said,
    greatest(listed, complete_listed) AS listed,
    CASE WHEN listed >= coalesce(complete_listed, 0) THEN stored ELSE complete_listed END AS stored,
    failed,
    quarantined,
    checked_at,
    complete_at
FROM judged;
