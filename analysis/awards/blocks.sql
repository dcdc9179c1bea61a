-- What a notice can be joined by, in any of its versions: two notices can be one award only if a chain of common blocks
-- leads from one to the other. $round is the pattern of rounds (二次, 重新招标) that the rules leave out of a name, $words that of
-- the words a name ends with before them, $whole that of names which say one lot of a project.
INSERT INTO working.award_blocks
WITH based AS (
    SELECT *, CASE WHEN regexp_matches(project_name_key, $round)
        THEN regexp_replace(regexp_replace(project_name_key, $round, ''), $words, '') ELSE project_name_key END AS base
    FROM stg_contents
    WHERE notice_key IN (SELECT notice_key FROM touched) AND kind NOT IN ('other', 'intention')
),
named AS (
    SELECT
        notice_key,
        project_number_key AS number,
        -- A number may be written with the portal's prefix and without it.
        regexp_replace(project_number_key, '^\d{17,21}(\D)', '\1') AS own,
        buyer_key AS buyer,
        platform_number_key AS other,
        CASE WHEN length(base) < 4 THEN project_name_key
            WHEN regexp_matches(base, $whole) THEN regexp_replace(regexp_replace(base, $whole, '\1'), $words, '')
            ELSE base END AS name
    FROM based
),
told AS (
    SELECT notice_key, unnest([
        CASE WHEN length(number) >= 12 THEN 'number ' || number END,
        CASE WHEN length(own) >= 12 OR (length(own) >= 8 AND regexp_matches(own, '[^0-9]')) THEN 'number ' || own END,
        'number ' || own || ' buyer ' || buyer,
        'number ' || other || ' buyer ' || buyer,
        'number ' || own || ' name ' || name,
        'buyer ' || buyer || ' name ' || name,
        'notice ' || notice_key
    ]) AS block
    FROM named
)
SELECT DISTINCT hash(block) AS block, notice_key
FROM told
WHERE block IS NOT NULL
ORDER BY block, notice_key
