-- The figures of any span of days, both included: SELECT * FROM totals_between(DATE '2025-04-01', DATE '2025-06-30').
CREATE OR REPLACE MACRO totals_between(since, until) AS TABLE
SELECT
    count(*) AS awards,
    count(amount_yuan) AS disclosed,
    count(*) - count(amount_yuan) AS undisclosed,
    sum(amount_yuan) AS amount_yuan,
    yi(sum(amount_yuan)) AS amount_yi,
    CAST(median(amount_yuan) AS DECIMAL(18, 2)) AS median_yuan,
    CAST(avg(amount_yuan) AS DECIMAL(18, 2)) AS mean_yuan,
    max(amount_yuan) AS largest_yuan
FROM counted_awards
WHERE awarded_on BETWEEN since AND until;
