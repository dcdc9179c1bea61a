{% for part in parts %}
-- Awards and disclosed amounts of a period of months by {{ part.label }}, with shares of the period's total in per cent, and how much
-- larger they are, in percentage points, than those of the same months of the year before (yoy) and of the period before (prev).
-- {{ part.note }} Points are null like growth (period_totals); what the other period lacks has a share of 0 in it.
CREATE OR REPLACE MACRO period_by_{{ part.name }}(from_month, to_month) AS TABLE
WITH totals AS (
    SELECT * FROM period_totals(from_month, to_month)
), shares AS (
    SELECT
        t.compared,
        a.{{ part.column }},
        count(*) AS awards,
        count(a.amount_yuan) AS disclosed,
        sum(a.amount_yuan) AS amount_yuan,
        share_pct(count(*), any_value(t.awards)) AS awards_share_pct,
        share_pct(sum(a.amount_yuan), any_value(t.amount_yuan)) AS amount_share_pct
    FROM {{ part.source }} AS a
    JOIN totals AS t ON a.month BETWEEN t.first_month AND t.last_month
    GROUP BY t.compared, a.{{ part.column }}
)
SELECT
    now.{{ part.column }},
    now.awards,
    now.disclosed,
    now.amount_yuan,
    yi(now.amount_yuan) AS amount_yi,
    now.awards_share_pct,
    now.amount_share_pct,
    {% for base in ("yoy", "prev") %}
    {% for measure, total in (("awards", "awards"), ("amount", "amount_yuan")) %}
    CASE
        WHEN total.is_known AND {{ base }}_total.is_known AND {{ base }}_total.{{ total }} > 0
        THEN share_points(now.{{ measure }}_share_pct, {{ base }}.{{ measure }}_share_pct)
    END AS {{ measure }}_share_{{ base }}_points{{ "" if base == "prev" and measure == "amount" else "," }}
    {% endfor %}
    {% endfor %}
FROM shares AS now
JOIN totals AS total ON total.compared = 'now'
{% for base in ("yoy", "prev") %}
JOIN totals AS {{ base }}_total ON {{ base }}_total.compared = '{{ base }}'
LEFT JOIN shares AS {{ base }}
    ON {{ base }}.compared = '{{ base }}' AND {{ base }}.{{ part.column }} IS NOT DISTINCT FROM now.{{ part.column }}
{% endfor %}
WHERE now.compared = 'now'
ORDER BY now.awards DESC, now.{{ part.column }};

{% endfor %}
