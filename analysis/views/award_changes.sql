-- What changed the figures of a month, award by award: award_changes_of says how it comes about and what the causes mean.
CREATE OR REPLACE VIEW award_changes AS
SELECT * FROM award_changes_of('counted_states') ORDER BY month, known_at, award_key;
