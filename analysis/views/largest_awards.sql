-- The awards of any span of days, the largest first: SELECT * FROM largest_awards(DATE '2025-07-01', DATE '2025-07-31') LIMIT 5.
CREATE OR REPLACE MACRO largest_awards(since, until) AS TABLE
SELECT
    row_number() OVER (ORDER BY amount_yuan DESC, award_key) AS place,
    award_key,
    awarded_on,
    coalesce(project_name, title) AS project_name,
    buyer,
    province,
    suppliers,
    vendors,
    project_type,
    sector,
    amount_yuan
FROM counted_awards
WHERE amount_yuan IS NOT NULL AND awarded_on BETWEEN since AND until
ORDER BY place;
