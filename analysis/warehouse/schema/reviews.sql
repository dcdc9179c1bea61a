-- What people decided, field by field, with the award that holds the reviewed notices today. If none does, the award of that time.
DELETE FROM reviews;

INSERT INTO reviews BY NAME
WITH holders AS (
    SELECT DISTINCT t.review, a.award_key
    FROM (SELECT review, unnest(notice_keys) AS notice_key FROM stg_reviews) AS t
    JOIN (SELECT award_key, unnest(notice_keys) AS notice_key FROM awards) AS a USING (notice_key)
),
fields AS (
    SELECT review, unnest(json_keys(decided)) AS field FROM stg_reviews
),
final AS (
    SELECT
        coalesce(h.award_key, t.award_key) AS award_key,
        f.field,
        CASE
            WHEN f.field = 'lots' THEN array_to_string(CAST(json_extract(t.decided, '$.lots') AS INTEGER[]), ', ')
            ELSE json_extract_string(t.decided, '$.' || f.field)
        END AS value,
        t.reviewed_at,
        t.reviewer,
        t.note,
        t.notice_keys
    FROM stg_reviews AS t
    JOIN fields AS f USING (review)
    LEFT JOIN holders AS h USING (review)
)
SELECT * FROM final ORDER BY ALL;
