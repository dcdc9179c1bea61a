-- Every crawl of a portal, with how it ended.
SELECT crawl_id, portal, since, until, started_at, finished_at, state, listed, stored, reason, failure
FROM private.crawls
