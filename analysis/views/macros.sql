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

-- The calendar day of an instant in Shanghai.
CREATE OR REPLACE MACRO shanghai_day(ts) AS CAST(timezone('Asia/Shanghai', ts) AS DATE);

-- The instant at which a day is over in Shanghai.
CREATE OR REPLACE MACRO end_of_day(day) AS timezone('Asia/Shanghai', day + INTERVAL 1 DAY);

-- The first day of the month of a day, which is how the views write a month.
CREATE OR REPLACE MACRO month_of(day) AS CAST(date_trunc('month', day) AS DATE);

-- The day that is so many months later, or earlier if the number is negative: months_later(DATE '2025-07-01', -12) is 2024-07-01.
CREATE OR REPLACE MACRO months_later(day, months) AS CAST(day + to_months(CAST(months AS INTEGER)) AS DATE);

-- Whether an award counts by the definition "market" (analysis/figures/definitions/market.toml). It takes every column that
-- a definition may ask about.
CREATE OR REPLACE MACRO counts(status, awarded_on, is_large_model, relevance, portals, title, project_name) AS ({{ market }});
