-- What changed the figures of a month, award by award: one row for each month and instant at which an award came into its count,
-- left it or changed its amount there. All changes of a month up to an instant add up to its figures as known at that instant.
-- cause: first seen, late notice (more than 35 days after the month's end), price found, correction (a correction notice, a result
-- published again, or a page that changed), further result (another result notice), void, revived, reclassified (about large models
-- or not, by a notice or by a review), date changed, duplicate found (two awards turned out to be one), separated (one turned out to
-- be two), key changed (the same award under another key), withdrawn (its notices no longer name a winner). states_table names a
-- table of award states with the month in which each counted (counted_states).
CREATE OR REPLACE MACRO award_changes_of(states_table) AS TABLE
WITH states AS (
    SELECT award_key, valid_from, valid_to, status, is_large_model, amount_yuan, notice_keys, month FROM query_table(states_table)
), steps AS (
    -- Each instant at which an award began, changed or ended in a way that moves a month's figures.
    SELECT
        coalesce(new.award_key, old.award_key) AS award_key,
        coalesce(new.valid_from, old.valid_to) AS known_at,
        old.month AS old_month,
        new.month AS new_month,
        old.amount_yuan AS old_amount,
        new.amount_yuan AS new_amount,
        old.status AS old_status,
        new.status AS new_status,
        old.is_large_model AS old_large,
        new.is_large_model AS new_large,
        new.notice_keys,
        coalesce(new.notice_keys, old.notice_keys) AS any_notice_keys
    FROM states AS new
    FULL JOIN states AS old ON old.award_key = new.award_key AND old.valid_to = new.valid_from
    WHERE
        (new.award_key IS NOT NULL OR old.valid_to IS NOT NULL)
        AND coalesce(new.month, old.month) IS NOT NULL
        AND (new.month, new.amount_yuan) IS DISTINCT FROM (old.month, old.amount_yuan)
), ended AS (
    SELECT award_key, valid_to AS known_at, notice_keys FROM award_states WHERE valid_to IS NOT NULL
), begun AS (
    SELECT award_key, valid_from AS known_at, notice_keys FROM award_states WHERE valid_from IN (SELECT known_at FROM ended)
), pairs AS (
    -- Pairs of awards: a notice moved from the first to the second.
    SELECT DISTINCT known_at, e.award_key AS from_key, b.award_key AS to_key
    FROM (SELECT award_key, known_at, unnest(notice_keys) AS notice_key FROM ended) AS e
    JOIN (SELECT award_key, known_at, unnest(notice_keys) AS notice_key FROM begun) AS b USING (known_at, notice_key)
    WHERE e.award_key <> b.award_key
), moves AS (
    -- Whether the first goes on, and whether the second was there before.
    SELECT p.*, b.award_key IS NOT NULL AS goes_on, e.award_key IS NOT NULL AS was_there
    FROM pairs AS p
    LEFT JOIN begun AS b ON b.award_key = p.from_key AND b.known_at = p.known_at
    LEFT JOIN ended AS e ON e.award_key = p.to_key AND e.known_at = p.known_at
), regrouped AS (
    SELECT
        award_key,
        known_at,
        min_by(
            CASE WHEN was_there AND NOT goes_on THEN 'duplicate found' WHEN goes_on THEN 'separated' ELSE 'key changed' END,
            CASE WHEN was_there AND NOT goes_on THEN 1 WHEN goes_on THEN 2 ELSE 3 END
        ) AS cause
    FROM (SELECT from_key AS award_key, * FROM moves UNION ALL SELECT to_key AS award_key, * FROM moves)
    GROUP BY award_key, known_at
), news AS (
    -- What was first seen at that instant of an award that had notices before.
    SELECT
        s.award_key,
        s.known_at,
        bool_or(n.kind = 'failed') AS failed,
        bool_or(n.version > 1 OR n.kind = 'correction' OR regexp_matches(coalesce(n.title, ''), '更正|变更|修正')) AS corrected,
        bool_or(n.kind = 'award') AS result,
        bool_or(n.kind IN ('contract', 'candidate')) AS price
    FROM (
        SELECT award_key, known_at, unnest(notice_keys) AS notice_key
        FROM steps
        WHERE old_status IS NOT NULL OR (award_key, known_at) IN (SELECT (award_key, known_at) FROM regrouped)
    ) AS s
    JOIN notices AS n ON n.notice_key = s.notice_key AND n.first_seen_at = s.known_at
    GROUP BY s.award_key, s.known_at
), reviewed AS (
    SELECT DISTINCT s.award_key, s.known_at
    FROM steps AS s
    JOIN reviews AS r ON r.reviewed_at = s.known_at AND list_has_any(r.notice_keys, s.any_notice_keys)
), described AS (
    SELECT
        s.*,
        (s.award_key, s.known_at) IN (SELECT (award_key, known_at) FROM reviewed) AS reviewed,
        CASE WHEN shanghai_day(s.known_at) > last_day(s.new_month) + 35
            THEN 'late notice' ELSE 'first seen' END AS arrival,
        r.cause AS regrouped,
        coalesce(n.failed, false) AS failed,
        coalesce(n.corrected, false) AS corrected,
        coalesce(n.result, false) AS result,
        coalesce(n.price, false) AS price
    FROM steps AS s
    LEFT JOIN regrouped AS r ON r.award_key = s.award_key AND r.known_at = s.known_at
    LEFT JOIN news AS n ON n.award_key = s.award_key AND n.known_at = s.known_at
), explained AS (
    SELECT
        *,
        CASE
            WHEN reviewed THEN 'reclassified'
            WHEN old_status IS NULL AND regrouped = 'separated' AND result AND NOT corrected THEN arrival
            WHEN regrouped IS NOT NULL THEN regrouped
            WHEN old_status IS NULL THEN arrival
            WHEN new_status IS NULL THEN 'withdrawn'
            WHEN new_month IS NULL AND new_status = 'void' THEN 'void'
            WHEN new_month IS NULL AND old_large AND NOT new_large THEN 'reclassified'
            WHEN new_month IS NULL THEN 'correction'
            WHEN old_month IS NULL AND old_status = 'void' THEN 'revived'
            WHEN old_month IS NULL AND (old_status = 'candidate' OR (result AND NOT corrected)) THEN arrival
            WHEN old_month IS NULL AND new_large AND NOT old_large THEN 'reclassified'
            WHEN old_month IS DISTINCT FROM new_month THEN 'date changed'
            WHEN old_amount IS NULL THEN 'price found'
            WHEN failed THEN 'void'
            WHEN corrected THEN 'correction'
            WHEN result THEN 'further result'
            WHEN price THEN 'price found'
            ELSE 'reclassified'
        END AS cause
    FROM described
), changes AS (
    SELECT
        old_month AS month,
        -1 AS awards_change,
        old_amount AS amount_before_yuan,
        NULL AS amount_after_yuan,
        known_at,
        award_key,
        cause
    FROM explained
    WHERE old_month IS NOT NULL AND old_month IS DISTINCT FROM new_month
    UNION ALL
    SELECT new_month, 1, NULL, new_amount, known_at, award_key, cause
    FROM explained
    WHERE new_month IS NOT NULL AND old_month IS DISTINCT FROM new_month
    UNION ALL
    SELECT new_month, 0, old_amount, new_amount, known_at, award_key, cause
    FROM explained
    WHERE old_month = new_month
)
SELECT
    month,
    shanghai_day(known_at) AS known_on,
    known_at,
    award_key,
    cause,
    awards_change,
    CAST(amount_after_yuan IS NOT NULL AS INTEGER) - CAST(amount_before_yuan IS NOT NULL AS INTEGER) AS disclosed_change,
    amount_before_yuan,
    amount_after_yuan,
    CAST(coalesce(amount_after_yuan, 0) - coalesce(amount_before_yuan, 0) AS DECIMAL(18, 2)) AS amount_change_yuan
FROM changes;
