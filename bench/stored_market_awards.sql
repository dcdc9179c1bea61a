-- The awards of the made-up market of stored_market.sql, as the rules would resolve them: each project is one award, whose key is in
-- the temp table keys_of_awards.
INSERT INTO main.award_states BY NAME
WITH resolved AS (
    SELECT
        p.*,
        k.award_key,
        [{'lot_no': 1, 'lot_name': NULL, 'state': 'won', 'counted': true, 'is_large_model': project_type IS NOT NULL, 'amount_yuan': yuan,
          'amount_source': 'award', 'suppliers': [supplier], 'vendors': [], 'notice_key': portal || ':' || i}] AS lots,
        unnest(CASE WHEN i % 30 = 0 THEN [false, true] ELSE [false] END) AS corrected
    FROM projects AS p JOIN keys_of_awards AS k USING (i)
)
SELECT
    award_key, CASE WHEN corrected THEN seen_at + INTERVAL 20 DAY ELSE seen_at END AS valid_from,
    CASE WHEN i % 30 = 0 AND NOT corrected THEN seen_at + INTERVAL 20 DAY END AS valid_to, number AS project_number,
    name AS project_name, name || '中标公告' AS title, buyer, 'public_body' AS buyer_kind, '广东' AS province, day AS awarded_on,
    'awarded' AS status, yuan AS amount_yuan, false AS amount_partial, true AS disclosed, [] AS flags,
    project_type IS NOT NULL AS is_large_model, CASE WHEN project_type IS NULL THEN 0.0 ELSE 0.98 END AS relevance, project_type,
    'government' AS sector, [supplier] AS suppliers, [] AS vendors, false AS own_group, [portal] AS portals,
    CASE WHEN corrected THEN [portal || ':' || i, portal || ':' || i || 'c'] ELSE [portal || ':' || i] END AS notice_keys, lots
FROM resolved;

INSERT INTO main.awards BY NAME
SELECT
    s.* EXCLUDE (valid_from, valid_to, lots), first_seen_at,
    to_json({
        project_number: [{notice_key: notice_keys[1], words: [project_number]}],
        project_name: [{notice_key: notice_keys[1], words: [project_name]}], title: [{notice_key: notice_keys[1]}],
        buyer_kind: [{notice_key: notice_keys[1]}], buyer: [{notice_key: notice_keys[1], words: [buyer]}],
        province: [{notice_key: notice_keys[1]}], project_type: [{notice_key: notice_keys[1]}],
        sector: [{notice_key: notice_keys[1], words: ['局'], rules: ['buyer:government-body']}],
        awarded_on: [{notice_key: notice_keys[1], words: [CAST(awarded_on AS VARCHAR)]}],
        suppliers: [{notice_key: notice_keys[1], words: suppliers}],
        amount_yuan: [{notice_key: notice_keys[1], words: [amount_yuan || '（元）']}]
    }) AS evidence
FROM main.award_states AS s
JOIN (SELECT award_key, min(valid_from) AS first_seen_at FROM main.award_states GROUP BY award_key) USING (award_key)
WHERE valid_to IS NULL;

INSERT INTO main.award_lots BY NAME
SELECT award_key, 1 AS seq, unnest(lots, recursive := true) FROM main.award_states WHERE valid_to IS NULL;
