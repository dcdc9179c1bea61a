-- The view "monthly_by_sector" for quarters (2025-Q1) and halves (2025-H1).
CREATE OR REPLACE VIEW quarterly_by_sector AS
SELECT * EXCLUDE (starts_on, months) FROM periodic_by_sector WHERE months IN (3, 6) ORDER BY starts_on, months, awards DESC, sector;
