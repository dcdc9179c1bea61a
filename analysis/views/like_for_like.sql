-- Growth of each month, plain and over the portals that were complete in both months: like_for_like_of says how it comes about.
CREATE OR REPLACE VIEW like_for_like AS
SELECT * FROM like_for_like_of('counted_awards', TIMESTAMPTZ 'infinity');
