-- What a crawl found for one channel and day; keywords is empty if it asked for every notice.
SELECT crawl_id, channel, keywords, day, said, listed, stored, failed, quarantined, state
FROM private.crawl_windows
