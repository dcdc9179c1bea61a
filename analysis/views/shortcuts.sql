{%- macro period(view, condition, column=None) -%}
SELECT * EXCLUDE (starts_on, months) FROM {{ view }} WHERE {{ condition }} ORDER BY starts_on, months{% if column %}, awards DESC, {{ column }}{% endif %}
{%- endmacro -%}
-- The view "monthly" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly AS {{ period("periodic", "months IN (3, 6)") }};

-- The view "monthly" for years.
CREATE OR REPLACE VIEW yearly AS {{ period("periodic", "months = 12") }};

{% for part in parts if part.over_periods %}
-- The view "monthly_by_{{ part.name }}" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly_by_{{ part.name }} AS {{ period("periodic_by_" ~ part.name, "months IN (3, 6)", part.column) }};

-- The view "monthly_by_{{ part.name }}" for years.
CREATE OR REPLACE VIEW yearly_by_{{ part.name }} AS {{ period("periodic_by_" ~ part.name, "months = 12", part.column) }};

{% endfor %}
-- What is known of each day of each channel of a portal: crawled_days_as_of explains it.
CREATE OR REPLACE VIEW crawled_days AS SELECT * FROM crawled_days_as_of(TIMESTAMPTZ 'infinity');

-- Whether a portal's day is completely known: covered_days_as_of explains it.
CREATE OR REPLACE VIEW covered_days AS SELECT * FROM covered_days_as_of(TIMESTAMPTZ 'infinity');

-- Whether a portal's day is completely known for a definition, shipped or the user's own: SELECT * FROM covered_days_of('keyword'). Its file says what that
-- needs: every notice, or that all its words were searched. The columns are those of covered_days.
CREATE OR REPLACE MACRO covered_days_of(definition) AS TABLE
SELECT *
FROM covered_days_as_of(
    TIMESTAMPTZ 'infinity', search_words := search_words_of(definition), of_portals := portals_of(definition)
);

-- The coverage of each crawled month by a definition, shipped or the user's own: SELECT * FROM covered_months_of('keyword').
CREATE OR REPLACE MACRO covered_months_of(definition) AS TABLE
SELECT *
FROM covered_months_as_of(
    TIMESTAMPTZ 'infinity', search_words := search_words_of(definition), of_portals := portals_of(definition)
);

-- Growth of each month, plain and over the portals that were complete in both months: like_for_like_of explains it.
CREATE OR REPLACE VIEW like_for_like AS SELECT * FROM like_for_like_of('counted_awards', TIMESTAMPTZ 'infinity');

-- What changed the figures of a month, award by award: award_changes_of explains it and its causes.
CREATE OR REPLACE VIEW award_changes AS SELECT * FROM award_changes_of('counted_states') ORDER BY month, known_at, award_key;
