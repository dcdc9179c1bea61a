-- What is known of each day of each channel of a portal: crawled_days_as_of says how it comes about.
CREATE OR REPLACE VIEW crawled_days AS
SELECT * FROM crawled_days_as_of(TIMESTAMPTZ 'infinity');
