-- What was known at an instant of each day of each channel of a portal, for each question that crawls asked: keywords is empty if
-- every notice was asked for; otherwise it has the words that were searched for, separated by commas. A day that was complete after
-- its end stays complete if a later crawl read only a part of it and missed nothing. A later crawl that listed more than is stored,
-- or could not read a page, makes the day incomplete again.
CREATE OR REPLACE MACRO crawled_questions_as_of(ts) AS TABLE
WITH days AS (
    SELECT *, checked_at >= end_of_day(day) AS settled
    FROM crawl_windows
    WHERE checked_at <= CAST(ts AS TIMESTAMPTZ)
), last_complete AS (
    SELECT
        portal,
        channel,
        keywords,
        day,
        max_by(listed, checked_at) AS listed,
        max(checked_at) AS checked_at,
        bool_or(settled) AS settled
    FROM days
    WHERE state = 'complete'
    GROUP BY portal, channel, keywords, day
), latest AS (
    SELECT *
    FROM days
    QUALIFY row_number() OVER (PARTITION BY portal, channel, keywords, day ORDER BY checked_at DESC, crawl_id DESC) = 1
)
SELECT
    l.portal,
    l.channel,
    l.keywords,
    l.day,
    CASE
        WHEN l.state = 'complete' THEN 'complete'
        WHEN c.settled AND l.failed + l.quarantined = 0 AND l.listed <= c.listed THEN 'complete'
        ELSE l.state
    END AS state,
    coalesce(c.settled, FALSE) AS settled,
    l.said,
    greatest(l.listed, c.listed) AS listed,
    CASE WHEN l.listed >= coalesce(c.listed, 0) THEN l.stored ELSE c.listed END AS stored,
    l.failed,
    l.quarantined,
    l.checked_at,
    c.checked_at AS complete_at
FROM latest AS l
LEFT JOIN last_complete AS c USING (portal, channel, keywords, day);
