-- Load the crawls of one package of spool segments. If a crawl comes twice, the first one is kept.
CREATE OR REPLACE TEMP TABLE new_crawl AS
SELECT DISTINCT ON (crawl_id)
    crawl_id, portal, try_cast(since AS DATE) AS since, try_cast(until AS DATE) AS until,
    started_at::TIMESTAMPTZ AS started_at, finished_at::TIMESTAMPTZ AS finished_at, state, listed, stored, reason, failure,
    windows
FROM spooled
WHERE t = 'crawl' AND crawl_id NOT IN (SELECT crawl_id FROM private.crawls)
ORDER BY crawl_id;

INSERT INTO private.crawls BY NAME SELECT * EXCLUDE (windows) FROM new_crawl;

INSERT INTO private.crawl_windows BY NAME
SELECT crawl_id, w.*
FROM (SELECT crawl_id, unnest(windows) AS w FROM new_crawl)
ORDER BY crawl_id, w.channel, w.keywords, w.day;

-- Crawls change the public tables too: coverage depends on them.
UPDATE private.loads SET merged = merged + 1 WHERE EXISTS (FROM new_crawl);
