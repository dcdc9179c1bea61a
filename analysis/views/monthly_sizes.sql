-- How large the awards of each month are, among those with a disclosed amount: the median, the mean and the largest.
CREATE OR REPLACE VIEW monthly_sizes AS
SELECT
    month,
    count(amount_yuan) AS disclosed,
    CAST(median(amount_yuan) AS DECIMAL(18, 2)) AS median_yuan,
    CAST(avg(amount_yuan) AS DECIMAL(18, 2)) AS mean_yuan,
    max(amount_yuan) AS largest_yuan,
    arg_max(award_key, (amount_yuan, award_key)) FILTER (amount_yuan IS NOT NULL) AS largest_award_key
FROM counted_awards
GROUP BY month
ORDER BY month;
