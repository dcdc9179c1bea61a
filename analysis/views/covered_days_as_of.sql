-- Whether a portal's day was completely known at an instant: one row for every day from the first to the last one crawled.
-- Without search_words, a day needs every notice. With them, a channel's day also counts if each of the words was searched.
-- of_portals are the portals that count, of_months the months (null: all).
-- state: complete (every channel is, and the day was over); doubtful (complete, but an alarm says that it was misread);
-- unsettled (complete when it was checked, but before its end); never (no crawl asked for it); incomplete, blocked, failed (the
-- worst of its channels); keyword (a portal that was only ever asked for keywords, if these are not enough: complete for those).
-- channels lists the channels that are missing.
CREATE OR REPLACE MACRO covered_days_as_of(ts, search_words := NULL, of_portals := NULL, of_months := NULL) AS TABLE
WITH windows AS (
    SELECT *, keywords = '' OR search_words IS NOT NULL AS counts_here
    FROM crawl_windows
    WHERE checked_at <= CAST(ts AS TIMESTAMPTZ)
), plain AS (
    -- Crawls without an account by day: every day of their window is in the state of the crawl.
    SELECT
        portal,
        CAST(unnest(generate_series(since, coalesce(until, shanghai_day(started_at)), INTERVAL 1 DAY)) AS DATE) AS day,
        state,
        finished_at AS checked_at
    FROM crawls
    WHERE
        since IS NOT NULL
        AND finished_at <= CAST(ts AS TIMESTAMPTZ)
        AND crawl_id NOT IN (SELECT crawl_id FROM windows)
        AND portal NOT IN (SELECT portal FROM windows GROUP BY portal HAVING bool_and(keywords <> ''))
), plain_days AS (
    SELECT
        portal,
        day,
        bool_or(state = 'complete' AND checked_at >= end_of_day(day)) AS is_complete,
        max_by(CASE WHEN state = 'complete' THEN 'unsettled' ELSE state END, checked_at) AS state
    FROM plain
    GROUP BY portal, day
), channels AS (
    -- A channel counts on every day. One that a later complete crawl no longer asked for counts until it was last asked for.
    SELECT portal, channel, CASE WHEN max(checked_at) < any_value(w.at) THEN max(day) END AS last_day
    FROM windows
    LEFT JOIN (
        SELECT portal, max(finished_at) AS at
        FROM crawls
        WHERE state = 'complete' AND crawl_id IN (SELECT crawl_id FROM windows WHERE counts_here)
        GROUP BY portal
    ) AS w USING (portal)
    WHERE counts_here
    GROUP BY portal, channel
), spans AS (
    SELECT portal, min(day) AS first_day, max(day) AS last_day
    FROM (
        SELECT portal, day FROM windows WHERE counts_here
        UNION ALL
        SELECT portal, day FROM plain_days
    )
    GROUP BY portal
), wanted AS (
    SELECT s.portal, s.day, c.channel
    FROM (
        SELECT portal, CAST(unnest(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day FROM spans
    ) AS s
    LEFT JOIN channels AS c ON c.portal = s.portal AND (c.last_day IS NULL OR s.day <= c.last_day)
    WHERE of_months IS NULL OR list_contains(of_months, month_of(s.day))
), questions AS (
    SELECT
        *,
        state = 'complete' AS answered,
        keywords = '' OR has_every_word(keywords, search_words) AS is_enough
    FROM crawled_questions_as_of(ts)
    WHERE of_months IS NULL OR list_contains(of_months, month_of(day))
), answers AS (
    SELECT
        portal,
        channel,
        day,
        -- A question may ask for some of the words only.
        bool_or(is_enough AND answered AND settled)
        OR has_every_word(string_agg(keywords, ',') FILTER (answered AND settled AND NOT is_enough), search_words) AS is_complete,
        bool_or(is_enough AND answered)
        OR has_every_word(string_agg(keywords, ',') FILTER (answered AND NOT is_enough), search_words) AS was_complete,
        bool_or(state = 'blocked') AS blocked,
        bool_or(state = 'failed') AS failed,
        sum(failed + quarantined + listed - stored) AS missed
    FROM questions
    WHERE keywords = '' OR search_words IS NOT NULL
    GROUP BY portal, channel, day
), channel_days AS (
    SELECT
        *,
        CASE
            WHEN is_complete THEN 'complete'
            WHEN blocked THEN 'blocked'
            WHEN failed THEN 'failed'
            WHEN was_complete THEN 'unsettled'
            ELSE 'incomplete'
        END AS state
    FROM answers
), checked AS (
    SELECT
        w.portal,
        w.day,
        bool_and(coalesce(d.is_complete, FALSE)) AS is_complete,
        count(d.day) AS looked_at,
        coalesce(sum(d.missed), 0) AS missed,
        bool_or(d.state = 'blocked') AS blocked,
        bool_or(d.state = 'failed') AS failed,
        bool_or(d.state = 'incomplete' OR d.state IS NULL) AS incomplete,
        list(w.channel ORDER BY w.channel) FILTER (w.channel IS NOT NULL AND NOT coalesce(d.is_complete, FALSE)) AS channels
    FROM wanted AS w
    LEFT JOIN channel_days AS d ON d.portal = w.portal AND d.day = w.day AND d.channel = w.channel
    GROUP BY w.portal, w.day
), doubtful AS (
    SELECT DISTINCT portal, unnest(days) AS day FROM crawl_alarms WHERE checked_at <= CAST(ts AS TIMESTAMPTZ)
), judged AS (
    SELECT
        f.portal,
        f.day,
        CASE
            WHEN f.looked_at > 0 AND f.is_complete THEN 'complete'
            WHEN p.is_complete AND f.missed = 0 THEN 'complete'
            WHEN f.looked_at = 0 THEN coalesce(p.state, 'never')
            WHEN f.blocked THEN 'blocked'
            WHEN f.failed THEN 'failed'
            WHEN f.incomplete THEN 'incomplete'
            ELSE 'unsettled'
        END AS state,
        f.channels
    FROM checked AS f
    LEFT JOIN plain_days AS p ON p.portal = f.portal AND p.day = f.day
    UNION ALL BY NAME
    SELECT
        portal,
        day,
        CASE WHEN bool_and(answered AND settled) THEN 'keyword' ELSE 'incomplete' END AS state,
        list(DISTINCT channel ORDER BY channel) FILTER (NOT (answered AND settled)) AS channels
    FROM questions
    WHERE portal NOT IN (SELECT portal FROM spans)
    GROUP BY portal, day
)
SELECT
    j.portal,
    j.day,
    CASE WHEN j.state IN ('complete', 'keyword') AND x.day IS NOT NULL THEN 'doubtful' ELSE j.state END AS state,
    CASE WHEN j.state IN ('complete', 'keyword') THEN [] ELSE coalesce(j.channels, []) END AS channels
FROM judged AS j
LEFT JOIN doubtful AS x ON x.portal = j.portal AND x.day = j.day
WHERE of_portals IS NULL OR list_contains(of_portals, j.portal)
ORDER BY ALL;
