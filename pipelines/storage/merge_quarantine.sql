-- Load what could not be read. If a place comes twice, the first problem of it is kept.
-- A file that is read again lists again what is wrong with it.
DELETE FROM private.quarantine WHERE source IN (SELECT source FROM spooled WHERE t = 'reread');

INSERT INTO private.quarantine BY NAME
SELECT DISTINCT ON (source, line) source, line, reason, portal, url, seen_at::TIMESTAMPTZ AS seen_at
FROM spooled
WHERE t = 'quarantine' AND (source, line) NOT IN (SELECT (source, line) FROM private.quarantine)
ORDER BY source, line, reason;
