-- The reviews that name a notice of the components in hand, in order of time; reviews of one instant by their text.
SELECT
    epoch_us(r.reviewed_at), CAST(r.reviewed_at AS VARCHAR), r.notice_keys, CAST(r.decided AS VARCHAR), CAST(r.lots AS VARCHAR),
    r.reviewer, r.note
FROM stg_reviews AS r
WHERE r.review IN (
    SELECT named.review
    FROM (SELECT review, unnest(notice_keys) AS notice_key FROM stg_reviews) AS named
    SEMI JOIN in_hand USING (notice_key)
)
ORDER BY ALL
