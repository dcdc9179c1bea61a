-- What a notice can be joined by, in any of its versions: two notices can be one award only if a chain of common blocks
-- leads from one to the other. $round is the pattern of rounds (二次, 重新招标) that the rules leave out of a name.
INSERT INTO private.award_blocks
WITH named AS (
    SELECT
        notice_key,
        project_number_key AS number,
        -- A number may be written with the portal's prefix and without it.
        regexp_replace(project_number_key, '^\d{17,21}(\D)', '\1') AS own,
        buyer_key AS buyer,
        CASE WHEN length(regexp_replace(project_name_key, $round, '')) >= 4
            THEN regexp_replace(project_name_key, $round, '') ELSE project_name_key END AS name
    FROM private.contents
    WHERE notice_key IN (SELECT notice_key FROM touched) AND kind NOT IN ('other', 'intention')
),
told AS (
    SELECT notice_key, unnest([
        CASE WHEN length(number) >= 12 THEN 'number ' || number END,
        CASE WHEN length(own) >= 12 OR (length(own) >= 8 AND regexp_matches(own, '[^0-9]')) THEN 'number ' || own END,
        'number ' || own || ' buyer ' || buyer,
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
