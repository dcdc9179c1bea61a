-- Every distinct sighting of a notice: when it was seen, and with which content.
SELECT notice_key, seen_at, content_hash
FROM private.observations
