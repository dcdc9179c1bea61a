-- Every day (of knowledge, in Shanghai) on which the figures of a month changed, with the figures before and at the end of that day,
-- and why. The last row of a month is what monthly says of it; a month that counts nothing any more ends at 0.
CREATE OR REPLACE VIEW revisions AS
WITH days AS (
    SELECT
        month,
        known_on,
        sum(awards_change) AS awards_change,
        sum(disclosed_change) AS disclosed_change,
        sum(amount_change_yuan) AS amount_change_yuan,
        list(DISTINCT cause ORDER BY cause) AS causes
    FROM award_changes_of('counted_states')
    GROUP BY month, known_on
), running AS (
    SELECT
        *,
        CAST(sum(awards_change) OVER upto AS BIGINT) AS awards_after,
        CAST(sum(disclosed_change) OVER upto AS BIGINT) AS disclosed_after,
        sum(amount_change_yuan) OVER upto AS amount_after
    FROM days
    WINDOW upto AS (PARTITION BY month ORDER BY known_on)
)
SELECT
    month,
    known_on,
    known_on - last_day(month) AS days_after_month,
    CAST(awards_after - awards_change AS BIGINT) AS awards_before,
    awards_after,
    CAST(disclosed_after - disclosed_change AS BIGINT) AS disclosed_before,
    disclosed_after,
    CASE WHEN disclosed_after <> disclosed_change THEN amount_after - amount_change_yuan END AS amount_before_yuan,
    CASE WHEN disclosed_after <> 0 THEN amount_after END AS amount_after_yuan,
    causes
FROM running
WHERE awards_change <> 0 OR disclosed_change <> 0 OR amount_change_yuan <> 0
ORDER BY month, known_on;
