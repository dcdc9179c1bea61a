-- All that a chain of blocks connects with the overlapping notices: an award can be resolved only with all of them.
INSERT INTO overlap
SELECT DISTINCT other.notice_key, other.is_first
FROM blocks_of_both AS other
WHERE
    other.block IN (SELECT block FROM blocks_of_both SEMI JOIN overlap USING (notice_key))
    AND other.notice_key NOT IN (SELECT notice_key FROM overlap);
