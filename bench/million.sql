-- A made-up market over 36 months, for bench/million.py, which gives the number of awards.
-- Day, price, type, sector and so on of award i are spread by hash(), so every run makes the same market.

CREATE TEMP MACRO spread(i, what, n) AS CAST(hash(i, what) % n AS INTEGER);

CREATE TEMP TABLE facts AS
SELECT
    i,
    printf('aw%016x', hash(i)) AS award_key,
    DATE '2024-01-01' + spread(i, 'day', 1096) AS awarded_on,
    CASE WHEN spread(i, 'priced', 4) > 0 THEN CAST(50000 + spread(i, 'price', 20000000) AS DECIMAL(18, 2)) END AS amount_yuan,
    ['compute', 'application', 'model', 'data'][1 + spread(i, 'type', 4)] AS project_type,
    ['government', 'education_research', 'telecom', 'energy', 'finance', 'other'][1 + spread(i, 'sector', 6)] AS sector,
    ['广东', '浙江', '北京', '上海', '湖北', '四川', NULL][1 + spread(i, 'province', 7)] AS province,
    CASE WHEN spread(i, 'group', 3) = 0 THEN ['厂商' || spread(i, 'vendor', 60)] ELSE [] END AS vendors,
    ['ccgp', 'ggzy', 'cmcc', 'gdgpo', 'szggzy', 'yichang'][1 + spread(i, 'portal', 6)] AS portal,
    spread(i, 'fate', 100) AS fate,
    awarded_on + TIME '18:00' + to_milliseconds(spread(i, 'second', 14400000)) AS seen_at
FROM range($awards) AS r(i);

INSERT INTO notices BY NAME
SELECT
    portal || ':' || i AS notice_key, 1 AS version, true AS is_latest, portal, CAST(i AS VARCHAR) AS notice_id,
    'https://' || portal || '.example/' || i AS url, 'award' AS kind, '大模型平台采购项目' || i || '中标公告' AS title,
    awarded_on AS published_on, 'ZB-' || i AS project_number, '大模型平台采购项目' || i AS project_name,
    '某市第' || i % 50000 || '单位' AS buyer, province, repeat('大模型平台建设，', 40) AS body, true AS is_large_model,
    0.95 AS relevance, project_type, sector, seen_at AS first_seen_at, CAST(i AS VARCHAR) AS content_hash
FROM facts;

INSERT INTO notices BY NAME
SELECT
    portal || ':' || i || 'n' AS notice_key, 1 AS version, true AS is_latest, portal, i || 'n' AS notice_id,
    'https://' || portal || '.example/' || i || 'n' AS url, CASE fate WHEN 0 THEN 'failed' ELSE 'correction' END AS kind,
    '更正公告' AS title, awarded_on + 20 AS published_on, seen_at + INTERVAL 20 DAY AS first_seen_at, i || 'n' AS content_hash
FROM facts WHERE fate < 3;

CREATE TEMP TABLE resolved AS
SELECT
    award_key, 'ZB-' || i AS project_number, '大模型平台采购项目' || i AS project_name, '大模型平台采购项目' || i AS title,
    '某市第' || i % 50000 || '单位' AS buyer, province, awarded_on, 'awarded' AS status, amount_yuan, false AS amount_partial,
    amount_yuan IS NOT NULL AS disclosed, [] AS flags, true AS is_large_model, 0.95 AS relevance, project_type, sector,
    ['某某科技' || i % 9000 || '有限公司'] AS suppliers, vendors,
    false AS own_group, [portal] AS portals, [portal || ':' || i] AS notice_keys,
    [{'lot_no': 1, 'lot_name': NULL, 'state': 'won', 'counted': true, 'is_large_model': true, 'amount_yuan': amount_yuan,
      'amount_source': 'award', 'suppliers': ['某某科技' || i % 9000 || '有限公司'], 'vendors': vendors,
      'notice_key': portal || ':' || i}] AS lots,
    seen_at AS valid_from, seen_at + INTERVAL 20 DAY AS changed_at, fate, portal || ':' || i || 'n' AS news
FROM facts;

INSERT INTO award_states BY NAME
SELECT * EXCLUDE (changed_at, fate, news), CASE WHEN fate < 3 THEN changed_at END AS valid_to FROM resolved
UNION ALL BY NAME
SELECT
    * EXCLUDE (valid_from, changed_at, fate, news) REPLACE (
        CASE fate WHEN 0 THEN 'void' ELSE 'awarded' END AS status, amount_yuan * 0.9 AS amount_yuan,
        list_append(notice_keys, news) AS notice_keys
    ),
    changed_at AS valid_from
FROM resolved WHERE fate < 3;

INSERT INTO awards BY NAME
SELECT s.* EXCLUDE (valid_from, valid_to, lots), '{}' AS evidence, t.valid_from AS first_seen_at
FROM award_states AS s JOIN (SELECT award_key, valid_from FROM resolved) AS t USING (award_key) WHERE s.valid_to IS NULL;

INSERT INTO award_lots BY NAME
SELECT award_key, 1 AS seq, unnest(lots, recursive := true) FROM award_states WHERE valid_to IS NULL;

INSERT INTO crawls BY NAME
SELECT
    portal || day AS crawl_id, portal, day AS since, day AS until, day + INTERVAL 26 HOUR AS started_at,
    day + INTERVAL 27 HOUR AS finished_at, 'complete' AS state
FROM (SELECT unnest(generate_series(DATE '2024-01-01', DATE '2026-12-31', INTERVAL 1 DAY)) AS day),
    (SELECT DISTINCT portal FROM facts);

INSERT INTO crawl_windows BY NAME
SELECT
    crawl_id, portal, '中标公告' AS channel, '' AS keywords, since AS day, 900 AS said, 900 AS listed, 900 AS stored,
    0 AS failed, 0 AS quarantined, state, finished_at AS checked_at
FROM crawls;
