-- The reviews that name a notice in the batch, in order of time; reviews of one instant in the order of their values.
SELECT
    epoch_us(r.reviewed_at) AS "at",
    CAST(r.reviewed_at AS VARCHAR) AS reviewed_at,
    r.notice_keys,
    CAST(r.decided AS VARCHAR) AS decided,
    CAST(r.lots AS VARCHAR) AS lots,
    r.reviewer,
    r.note
FROM stg_reviews AS r
WHERE r.review IN (
    SELECT named.review
    FROM (SELECT review, unnest(notice_keys) AS notice_key FROM stg_reviews) AS named
    SEMI JOIN batch_notices USING (notice_key)
)
ORDER BY ALL
