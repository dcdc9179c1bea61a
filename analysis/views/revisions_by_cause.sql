-- The changes of each month's figures on each day (of knowledge, in Shanghai) by cause, net: award_changes summed up.
CREATE OR REPLACE VIEW revisions_by_cause AS
SELECT
    month,
    known_on,
    cause,
    count(*) AS changes,
    CAST(sum(awards_change) AS BIGINT) AS awards_change,
    CAST(sum(disclosed_change) AS BIGINT) AS disclosed_change,
    sum(amount_change_yuan) AS amount_change_yuan
FROM award_changes_of('counted_states')
GROUP BY month, known_on, cause
ORDER BY month, known_on, cause;
