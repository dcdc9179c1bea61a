-- The private tables of a made-up market, for bench/stored_market.py, which gives the number of projects: each has a result, and
-- every 30th a correction 20 days later that changes nothing. Days, prices and the like are spread by hash(), so every run makes the
-- same market.

CREATE TEMP MACRO spread(i, what, n) AS CAST(hash(i, what) % n AS INTEGER);

CREATE TEMP TABLE projects AS
SELECT
    i,
    DATE '2024-01-01' + spread(i, 'day', 1096) AS day,
    ['ccgp', 'ggzy', 'cmcc', 'gdgpo', 'szggzy', 'yichang'][1 + spread(i, 'portal', 6)] AS portal,
    'MK-' || year(day) || '-' || lpad(CAST(i AS VARCHAR), 7, '0') AS number,
    '某市第' || spread(i, 'buyer', 50000) || ['中学', '医院', '水务公司', '教育局', '图书馆'][1 + spread(i, 'kind', 5)] AS buyer,
    buyer || ['大模型应用平台', '算力租赁服务', '智能体开发', '数据标注服务', '办公家具'][1 + spread(i, 'ware', 5)]
        || '采购项目第' || i || '号' AS name,
    '某某' || spread(i, 'supplier', 9000) || '科技有限公司' AS supplier,
    CAST(50000 + spread(i, 'price', 20000000) AS DECIMAL(18, 2)) AS yuan,
    ['compute', 'application', 'model', 'data', NULL][1 + spread(i, 'ware', 5)] AS project_type,
    day + TIME '18:00' + to_milliseconds(spread(i, 'second', 14400000)) AS seen_at
FROM range($projects) AS r(i);

-- The second notice of a project has the same facts.
CREATE TEMP TABLE made_notices AS
SELECT *, 'award' AS kind, portal || ':' || i AS notice_key FROM projects
UNION ALL
SELECT
    * REPLACE (seen_at + INTERVAL 20 DAY AS seen_at, day + 20 AS day), 'correction' AS kind, portal || ':' || i || 'c' AS notice_key
FROM projects WHERE i % 30 = 0;

INSERT INTO private.contents BY NAME
SELECT
    md5(notice_key) AS content_hash, notice_key, portal, notice_key[length(portal) + 2:] AS notice_id,
    'https://' || portal || '.example/' || notice_id AS url, kind,
    name || CASE kind WHEN 'award' THEN '中标公告' ELSE '更正公告' END AS title, day AS published_on, number AS project_number,
    name AS project_name, buyer, '某市正信招标代理有限公司' AS agency, '广东' AS province,
    '一、项目编号：' || number || chr(10) || '二、项目名称：' || name || chr(10) || '三、中标（成交）信息' || chr(10)
        || '供应商名称：' || supplier || chr(10) || '中标（成交）金额：' || yuan || '（元）' || chr(10)
        || array_to_string([
            k || '、' || spread(i, 'term' || k, 100000) || '号供应商应当按照采购文件的要求完成交付与验收。' FOR k IN range(20)
        ], chr(10)) || chr(10) || '名 称：' || buyer AS body,
    false AS cancels_result, project_type IS NOT NULL AS is_large_model, CASE WHEN project_type IS NULL THEN 0.0 ELSE 0.98 END AS relevance,
    project_type, 'government' AS sector,
    to_json({
        project_number: [number], project_name: [name], buyer: [buyer], supplier: [supplier], published_on: [CAST(day AS VARCHAR)],
        amount_yuan: [yuan || '（元）'], is_large_model: ['大模型'], sector: ['局'], 'rule:sector': ['buyer:government-body']
    }) AS evidence,
    replace(number, '-', '') AS project_number_key, name AS project_name_key, buyer AS buyer_key, '某市' AS region,
    '服务/信息技术服务' AS category, seen_at AS first_seen_at, md5(notice_key || ' page') AS page_key, 0 AS seq, 'public_body' AS buyer_kind
FROM made_notices;

INSERT INTO private.content_lots BY NAME
SELECT
    md5(notice_key) AS content_hash, 1 AS lot_seq, 1 AS lot_no, yuan AS amount_yuan, 'total' AS amount_kind,
    yuan || '（元）' AS amount_text, project_type IS NOT NULL AS is_large_model, false AS failed, false AS numbered
FROM made_notices;

INSERT INTO private.content_winners BY NAME
SELECT
    md5(notice_key) AS content_hash, 1 AS lot_seq, 1 AS lot_no, 1 AS seq, 1 AS position, supplier, supplier AS supplier_key, 'sole' AS role,
    yuan AS amount_yuan
FROM made_notices;

INSERT INTO private.observations BY NAME
SELECT notice_key, seen_at, md5(notice_key) AS content_hash FROM made_notices;

INSERT INTO private.pages BY NAME
SELECT md5(notice_key || ' page') AS page_key, portal, 'https://' || portal || '.example/' || notice_key AS url FROM made_notices;

INSERT INTO private.crawls BY NAME
SELECT
    portal || day AS crawl_id, portal, day AS since, day AS until, day + INTERVAL 18 HOUR AS started_at,
    day + INTERVAL 24 HOUR AS finished_at, 'complete' AS state, 900 AS listed, 900 AS stored
FROM (SELECT unnest(generate_series(DATE '2024-01-01', DATE '2026-12-31', INTERVAL 1 DAY)) AS day), (SELECT DISTINCT portal FROM projects)
ORDER BY ALL;

INSERT INTO private.crawl_windows BY NAME
SELECT crawl_id, '中标公告' AS channel, '' AS keywords, since AS day, 900 AS said, 900 AS listed, 900 AS stored, 0 AS failed, 0 AS quarantined, state
FROM private.crawls;

UPDATE private.loads SET merged = merged + 1;
