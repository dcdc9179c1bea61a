-- Where the published figures contradict one another, each with both sources. problem: different values (for the same period and
-- measure); disclosed and undisclosed (do not make up all awards); parts and whole (two parts of a period do not add up to it); part
-- larger than the whole (a figure, or a lower bound, of a part of a period is above the figure of the period); growth and base
-- (growth is not what the two figures give: off by more than half a point and by more than half a per cent of itself); one place for
-- two (a rank given twice). Inferred figures take part; note and other_note mark them. Compilers differ in what they count: a
-- contradiction is no error of either.
CREATE OR REPLACE VIEW published_contradictions AS
WITH figures AS (
    SELECT f.*, p.first_day, p.last_day
    FROM published_figures AS f
    JOIN published_periods AS p USING (period)
    WHERE f.value IS NOT NULL
), additive AS (
    -- What adds up over time. A lower bound is compared with the figure it bounds.
    SELECT *, replace(metric, '_min', '') AS measure, suffix(metric, '_min') AS is_bound
    FROM figures
    WHERE
        regexp_matches(metric, '_(count|amount_yi|amount_wan)(_min)?$')
        AND NOT regexp_matches(metric, 'median|region_count')
        AND first_day IS NOT NULL
), different AS (
    SELECT
        'different values' AS problem, a.period, a.metric, a.dimension, a.value, a.publisher, a.source_url, a.note,
        b.value AS other_value, b.publisher AS other_publisher, b.source_url AS other_source_url, b.note AS other_note,
        a.period || ' ' || a.metric || ': ' || a.value || ' and ' || b.value AS words
    FROM figures AS a
    JOIN figures AS b ON b.period = a.period AND b.metric = a.metric AND b.dimension IS NOT DISTINCT FROM a.dimension
        AND a.value < b.value
    WHERE a.metric NOT LIKE '%rank%'
), disclosure AS (
    SELECT
        'disclosed and undisclosed' AS problem, a.period, a.metric, a.dimension, a.value, a.publisher, a.source_url, a.note,
        d.value + u.value AS other_value, d.publisher AS other_publisher, d.source_url AS other_source_url, d.note AS other_note,
        a.period || ': ' || d.value || ' disclosed and ' || u.value || ' undisclosed are not ' || a.value AS words
    FROM figures AS a
    JOIN figures AS d ON d.period = a.period AND d.metric = 'disclosed_count'
    JOIN figures AS u ON u.period = a.period AND u.metric = 'undisclosed_count'
    WHERE a.metric = 'project_count' AND d.value + u.value <> a.value
), parts AS (
    SELECT
        'parts and whole' AS problem, w.period, w.metric, w.dimension, w.value, w.publisher, w.source_url, w.note,
        round(a.value + b.value, 2) AS other_value, a.publisher || '; ' || b.publisher AS other_publisher,
        concat_ws('; ', a.source_url, b.source_url) AS other_source_url, concat_ws('; ', a.note, b.note) AS other_note,
        w.period || ' ' || w.metric || ': ' || a.period || ' ' || a.value || ' and ' || b.period || ' ' || b.value || ' are not '
            || w.value AS words
    FROM additive AS w
    JOIN additive AS a ON a.metric = w.metric AND a.dimension IS NOT DISTINCT FROM w.dimension AND a.first_day = w.first_day
    JOIN additive AS b ON b.metric = w.metric AND b.dimension IS NOT DISTINCT FROM w.dimension
        AND b.first_day = a.last_day + 1 AND b.last_day = w.last_day
    WHERE NOT w.is_bound AND abs(a.value + b.value - w.value) > CASE WHEN w.metric LIKE '%count' THEN 0.5 ELSE 0.001 * w.value END
), inside AS (
    SELECT
        'part larger than the whole' AS problem, w.period, w.metric, w.dimension, w.value, w.publisher, w.source_url, w.note,
        p.value AS other_value, p.publisher AS other_publisher, p.source_url AS other_source_url, p.note AS other_note,
        p.period || ' ' || p.metric || ' ' || p.value || ' is above ' || w.period || ' ' || w.metric || ' ' || w.value AS words
    FROM additive AS w
    JOIN additive AS p ON p.measure = w.measure AND p.dimension IS NOT DISTINCT FROM w.dimension
        AND p.first_day >= w.first_day AND p.last_day <= w.last_day
    WHERE NOT w.is_bound AND p.value > w.value AND (p.is_bound OR p.period <> w.period)
), growth_of AS (
    SELECT unnest([
        {'growth': 'yoy_count_pct', 'metric': 'project_count', 'months': 12},
        {'growth': 'yoy_amount_pct', 'metric': 'disclosed_amount_yi', 'months': 12},
        {'growth': 'qoq_count_pct', 'metric': 'project_count', 'months': 3},
        {'growth': 'qoq_amount_pct', 'metric': 'disclosed_amount_yi', 'months': 3},
        {'growth': 'sector_yoy_count_pct', 'metric': 'sector_count', 'months': 12},
        {'growth': 'sector_yoy_amount_pct', 'metric': 'sector_amount_yi', 'months': 12}
    ], max_depth := 2)
), growth AS (
    SELECT
        'growth and base' AS problem, g.period, g.metric, g.dimension, g.value, g.publisher, g.source_url, g.note,
        growth_pct(n.value, b.value) AS other_value, n.publisher || '; ' || b.publisher AS other_publisher,
        concat_ws('; ', n.source_url, b.source_url) AS other_source_url, concat_ws('; ', n.note, b.note) AS other_note,
        g.period || ' ' || g.metric || ' ' || g.value || ': ' || n.value || ' against ' || b.value || ' (' || b.period || ') is '
            || growth_pct(n.value, b.value) AS words
    FROM figures AS g
    JOIN growth_of AS o ON o.growth = g.metric
    JOIN figures AS n ON n.metric = o.metric AND n.period = g.period AND n.dimension IS NOT DISTINCT FROM g.dimension
    JOIN figures AS b ON b.metric = o.metric AND b.dimension IS NOT DISTINCT FROM g.dimension
        AND b.first_day = CAST(g.first_day - to_months(o.months) AS DATE)
        AND b.last_day = last_day(CAST(date_trunc('month', g.last_day) - to_months(o.months) AS DATE))
    WHERE abs(100 * (n.value / b.value - 1) - g.value) > greatest(0.5, 0.005 * abs(g.value))
), places AS (
    SELECT
        'one place for two' AS problem, a.period, a.metric, a.dimension, a.value, a.publisher, a.source_url, a.note,
        b.value AS other_value, b.publisher AS other_publisher, b.source_url AS other_source_url, b.note AS other_note,
        a.period || ' ' || a.metric || ' ' || a.value || ': ' || a.dimension || ' and ' || b.dimension AS words
    FROM figures AS a
    JOIN figures AS b ON a.period = b.period AND a.metric = b.metric AND a.value = b.value AND a.dimension < b.dimension
    WHERE a.metric LIKE '%rank%'
)
SELECT * REPLACE (regexp_replace(words, '\.0\b', '', 'g') AS words), round(other_value - value, 2) AS difference
FROM (
    SELECT * FROM different UNION ALL SELECT * FROM disclosure UNION ALL SELECT * FROM parts UNION ALL SELECT * FROM inside
    UNION ALL SELECT * FROM growth UNION ALL SELECT * FROM places
)
ORDER BY problem, period, metric, dimension, value, other_value, publisher, other_publisher;
