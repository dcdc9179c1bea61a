-- The view "monthly_by_type" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly_by_type AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_type WHERE months IN (3, 6) ORDER BY starts_on, months, awards DESC, project_type;
