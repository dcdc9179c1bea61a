-- The view "monthly" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly AS
SELECT * EXCLUDE (starts_on, months) FROM periodic WHERE months IN (3, 6) ORDER BY starts_on, months;
