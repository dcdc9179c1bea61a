-- Copy the resolved states into the public tables: a state that still holds is an award.
INSERT INTO main.award_states
SELECT * EXCLUDE (evidence) FROM resolved_states ORDER BY award_key, valid_from;

INSERT INTO main.awards BY NAME
SELECT r.* EXCLUDE (valid_from, valid_to, lots), f.first_seen_at
FROM resolved_states AS r
JOIN (SELECT award_key, min(valid_from) AS first_seen_at FROM resolved_states GROUP BY award_key) AS f
    USING (award_key)
WHERE r.valid_to IS NULL
ORDER BY r.award_key;

INSERT INTO main.award_lots BY NAME
SELECT award_key, seq, lot.*
FROM (
    SELECT award_key, CAST(generate_subscripts(lots, 1) AS INTEGER) AS seq, unnest(lots) AS lot
    FROM resolved_states WHERE valid_to IS NULL
)
ORDER BY award_key, seq;

DROP TABLE resolved_states;
DROP TABLE affected_notices;
DROP TABLE IF EXISTS affected_awards;
DROP TABLE notice_component;
DROP TABLE shared_blocks;
DROP TABLE IF EXISTS affected_blocks;
DROP TABLE IF EXISTS new_blocks;
DROP TABLE IF EXISTS neighbours;
DROP TABLE IF EXISTS neighbour_blocks;
DROP TABLE component_notices;
DROP TABLE IF EXISTS batch_notices;
DROP TABLE IF EXISTS batch_hashes;
DROP TABLE IF EXISTS batch_versions;
