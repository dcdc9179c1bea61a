-- What a notice can be joined by, in any of its versions. Two notices can be one award only if a chain of shared blocks
-- leads from one to the other, so everything that the rules join must share a block here.
-- $tender_round, $generic_ending, $name_with_lot and $number_of_lot are the patterns of
-- analysis/awards/project_identity.py: the round of a tender (二次), words at the end of a name (采购项目), a project
-- name that goes on with a lot, and a project number with the mark of a lot. $long_name is in grouping.py.
INSERT INTO working.award_blocks
WITH without_round AS (
    SELECT
        *,
        CASE WHEN regexp_matches(project_name_key, $tender_round)
            THEN regexp_replace(regexp_replace(project_name_key, $tender_round, ''), $generic_ending, '')
            ELSE project_name_key END AS base_name,
        regexp_replace(project_number_key, $number_of_lot, '\1') AS without_lot
    FROM stg_contents
    WHERE notice_key IN (SELECT notice_key FROM touched) AND kind NOT IN ('other', 'intention')
),
identified AS (
    SELECT
        notice_key,
        content_hash,
        portal,
        kind,
        without_lot AS number,
        -- A number may be written with the portal's prefix and without it.
        regexp_replace(without_lot, '^\d{17,21}(\D)', '\1') AS own_number,
        platform_number_key AS platform_number,
        buyer_key AS buyer,
        CASE WHEN length(base_name) < 4 THEN project_name_key
            WHEN regexp_matches(base_name, $name_with_lot)
            THEN regexp_replace(regexp_replace(base_name, $name_with_lot, '\1'), $generic_ending, '')
            ELSE base_name END AS name
    FROM without_round
),
blocks AS (
    -- A block is null if one of its values is. Numbers that every buyer has join nothing alone.
    SELECT notice_key, unnest([
        CASE WHEN length(number) >= 12 THEN 'number ' || number END,
        CASE WHEN length(own_number) >= 12 OR (length(own_number) >= 8 AND regexp_matches(own_number, '[^0-9]'))
            THEN 'number ' || own_number END,
        'number ' || own_number || ' buyer ' || buyer,
        'number ' || platform_number || ' buyer ' || buyer,
        'number ' || own_number || ' name ' || name,
        'buyer ' || buyer || ' name ' || name,
        'notice ' || notice_key
    ]) AS block
    FROM identified
    UNION ALL
    -- Candidates and their result on one portal, if one of the two has no buyer.
    SELECT i.notice_key, 'portal ' || i.portal || ' name ' || i.name || ' supplier ' || w.supplier_key
    FROM identified AS i JOIN stg_winners AS w USING (content_hash)
    WHERE i.kind IN ('candidate', 'award') AND length(i.name) >= $long_name AND (i.buyer IS NULL OR i.number IS NULL)
    UNION ALL
    -- A result on two portals whose names differ.
    SELECT i.notice_key, 'buyer ' || i.buyer || ' supplier ' || w.supplier_key || ' price ' || l.amount_yuan
    FROM identified AS i JOIN stg_winners AS w USING (content_hash) JOIN stg_lots AS l USING (content_hash, lot_seq)
    WHERE i.kind = 'award'
)
SELECT DISTINCT hash(block) AS block, notice_key, hash(notice_key) AS notice
FROM blocks
WHERE block IS NOT NULL
ORDER BY block, notice_key
