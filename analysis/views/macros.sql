{#- What a definition says, by its name; every definition once. -#}
{%- macro by_definition(of) -%}
CASE
    {% for one in definitions %}
    WHEN definition = '{{ one.name }}' THEN {{ of(one) }}
    {% endfor %}
    ELSE error('unknown definition: ' || definition)
END
{%- endmacro -%}
-- Yuan in 亿 (10^8 yuan), rounded half up to two places: yi(667500000) is 6.68.
CREATE OR REPLACE MACRO yi(yuan) AS CAST(round(yuan, -6) / 1e8 AS DOUBLE);

-- What an award adds to a sum of money: its amount if it is disclosed. An amount that waits for a review adds nothing.
CREATE OR REPLACE MACRO summed_yuan(amount_yuan, disclosed) AS CASE WHEN disclosed THEN amount_yuan END;

-- Growth on a base in per cent, rounded half up to one place; null without a figure, without a base and on a base of 0:
-- growth_pct(574, 110) is 421.8.
CREATE OR REPLACE MACRO growth_pct(now, base) AS round(100.0 * (now / nullif(base, 0) - 1), 1);

-- A part in per cent of a total, rounded half up to one place; null without a part, without a total and of a total of 0:
-- share_pct(1, 16) is 6.3.
CREATE OR REPLACE MACRO share_pct(part, total) AS round(100.0 * part / nullif(total, 0), 1);

-- How many percentage points a share is larger than another, of the shares as they are shown, so that a reader can compute it; what
-- has no share in the other total had 0: share_points(50.0, 65.0) is -15.0.
CREATE OR REPLACE MACRO share_points(now_pct, base_pct) AS round(now_pct - coalesce(base_pct, 0), 1);

-- The calendar day of an instant in Shanghai.
CREATE OR REPLACE MACRO shanghai_day(ts) AS CAST(timezone('Asia/Shanghai', ts) AS DATE);

-- The instant at which a day is over in Shanghai: at 16:00 UTC. Counting is ten times as fast as the calendar.
CREATE OR REPLACE MACRO end_of_day(day) AS make_timestamptz(epoch_us(CAST(day AS DATE)) + 57600000000);

-- The first day of the month of a day, which is how the views write a month.
CREATE OR REPLACE MACRO month_of(day) AS CAST(date_trunc('month', day) AS DATE);

-- The day that is so many months later, or earlier if the number is negative: months_later(DATE '2025-07-01', -12) is 2024-07-01.
CREATE OR REPLACE MACRO months_later(day, months) AS CAST(day + to_months(CAST(months AS INTEGER)) AS DATE);

-- The months that growth may compare: the complete ones, and those of unknown coverage that hold counted awards.
CREATE OR REPLACE MACRO comparable_months(complete_months, unknown_months, counted_months) AS
    list_concat(complete_months, list_intersect(unknown_months, counted_months));

-- Whether every one of so many months, from the first one on, is in a list of months.
CREATE OR REPLACE MACRO has_every_month(known_months, first_month, months) AS
    list_has_all(known_months, CAST(generate_series(first_month, months_later(first_month, months - 1), INTERVAL 1 MONTH) AS DATE[]));

-- Growth on a base period of the same number of months, in per cent (growth_pct); null unless every month of both is among those
-- that growth may compare (comparable_months).
CREATE OR REPLACE MACRO known_growth_pct(now, base, known_months, first_month, base_month, months) AS CASE
    WHEN has_every_month(known_months, first_month, months) AND has_every_month(known_months, base_month, months)
    THEN growth_pct(now, base)
END;

-- Whether an award counts by a definition, shipped or the user's own: counts_by('keyword', status, awarded_on, ...). With all columns that
-- a definition may ask about; without the last seven for definitions that ask only about the others.
CREATE OR REPLACE MACRO counts_by(definition, status, awarded_on, is_large_model, relevance, portals, title, project_name) AS
    {{ by_definition(short_rule) }},
(
    definition, status, awarded_on, is_large_model, relevance, portals, title, project_name, amount_yuan, disclosed, project_type,
    sector, province, buyer_kind, own_group
) AS
    {{ by_definition(rule) }};

-- Whether an award counts by the definition "market" (analysis/figures/definitions/market.toml).
CREATE OR REPLACE MACRO counts(status, awarded_on, is_large_model, relevance, portals, title, project_name) AS
    counts_by('market', status, awarded_on, is_large_model, relevance, portals, title, project_name);

-- Whether every word is in a text of words with commas between them; false without a text: has_every_word('a,b', ['b']) is true.
CREATE OR REPLACE MACRO has_every_word(keywords, words) AS coalesce(list_has_all(string_split(keywords, ','), words), FALSE);

-- The words of a definition that covers a day by searching for them; null if it needs every notice.
CREATE OR REPLACE MACRO search_words_of(definition) AS {{ by_definition(search_words) }};

-- The portals that a definition counts; null if it counts all.
CREATE OR REPLACE MACRO portals_of(definition) AS {{ by_definition(counted_portals) }};
