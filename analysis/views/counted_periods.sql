-- The quarters, halves and years that a month belongs to: three rows for each month in which an award counts.
CREATE OR REPLACE VIEW counted_periods AS
SELECT DISTINCT
    month,
    unnest([
        {'period': year(month) || '-Q' || quarter(month), 'starts_on': CAST(date_trunc('quarter', month) AS DATE), 'months': 3},
        {'period': year(month) || '-H' || (quarter(month) + 1) // 2,
            'starts_on': make_date(year(month), CASE WHEN quarter(month) <= 2 THEN 1 ELSE 7 END, 1), 'months': 6},
        {'period': CAST(year(month) AS VARCHAR), 'starts_on': CAST(date_trunc('year', month) AS DATE), 'months': 12}
    ], max_depth := 2)
FROM counted_awards;
