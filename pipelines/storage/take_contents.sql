-- Store the notices of the lines in the temporary table "taken", in place of what is stored of the same contents.
-- The table "spooled" has the lines.
DELETE FROM private.contents WHERE content_hash IN (SELECT content_hash FROM taken);
DELETE FROM private.content_lots WHERE content_hash IN (SELECT content_hash FROM taken);
DELETE FROM private.content_winners WHERE content_hash IN (SELECT content_hash FROM taken);

INSERT INTO private.contents BY NAME
SELECT
    content_hash, notice_key, portal, notice_id, url, kind, title, try_cast(published_on AS DATE) AS published_on,
    project_number, project_name, buyer, buyer_vendor, buyer_kind, agency, province, body, cancels_result, is_large_model, relevance,
    project_type, project_type_second, sector, subsector, evidence, project_number_key, platform_number_key, project_name_key, buyer_key,
    price_statements, region, buyer_address, category, lexicon, seen_at::TIMESTAMPTZ AS first_seen_at, page_key, seq
FROM spooled
WHERE rowid IN (SELECT line FROM taken);

CREATE OR REPLACE TEMP TABLE incoming_lot AS
SELECT content_hash, generate_subscripts(lots, 1)::INTEGER AS lot_seq, unnest(lots) AS lot
FROM spooled
WHERE rowid IN (SELECT line FROM taken);

INSERT INTO private.content_lots BY NAME
SELECT
    content_hash, lot_seq, lot.lot_no, lot.lot_name, lot.lot_key, try_cast(lot.amount_yuan AS DECIMAL(18, 2)) AS amount_yuan,
    lot.amount_kind, lot.amount_text, lot.tax_included, lot.is_large_model, lot.failed, lot.numbered, lot.subject,
    lot.price_statements
FROM incoming_lot
ORDER BY content_hash, lot_seq;

INSERT INTO private.content_winners BY NAME
SELECT
    content_hash, lot_seq, lot_no, seq, winner.position, winner.supplier, winner.supplier_key, winner.vendor, winner.role,
    try_cast(winner.share_pct AS DECIMAL(9, 4)) AS share_pct, try_cast(winner.amount_yuan AS DECIMAL(18, 2)) AS amount_yuan
FROM (
    SELECT
        content_hash, lot_seq, lot.lot_no AS lot_no,
        generate_subscripts(lot.winners, 1)::INTEGER AS seq, unnest(lot.winners) AS winner
    FROM incoming_lot
)
WHERE winner.supplier IS NOT NULL
ORDER BY content_hash, lot_seq, seq;
