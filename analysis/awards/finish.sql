-- States into the public tables: what holds now is an award.
INSERT INTO main.award_states
SELECT * EXCLUDE (evidence) FROM resolved ORDER BY award_key, valid_from;

INSERT INTO main.awards BY NAME
SELECT r.* EXCLUDE (valid_from, valid_to, lots), f.first_seen_at
FROM resolved AS r
JOIN (SELECT award_key, min(valid_from) AS first_seen_at FROM resolved GROUP BY award_key) AS f USING (award_key)
WHERE r.valid_to IS NULL
ORDER BY r.award_key;

INSERT INTO main.award_lots BY NAME
SELECT award_key, seq, lot.*
FROM (
    SELECT award_key, CAST(generate_subscripts(lots, 1) AS INTEGER) AS seq, unnest(lots) AS lot
    FROM resolved WHERE valid_to IS NULL
)
ORDER BY award_key, seq;

DROP TABLE resolved;
