-- Rows made by analysis/awards/rows.py, each a JSON object (one large array would be read many times slower).
INSERT INTO resolved_states BY NAME
SELECT r.* REPLACE (make_timestamptz(r.valid_from) AS valid_from, make_timestamptz(r.valid_to) AS valid_to)
FROM (
    SELECT unnest(from_json(CAST(row AS JSON), '{
        "award_key": "VARCHAR", "valid_from": "BIGINT", "valid_to": "BIGINT", "project_number": "VARCHAR",
        "project_name": "VARCHAR", "title": "VARCHAR", "buyer": "VARCHAR", "buyer_vendor": "VARCHAR", "buyer_kind": "VARCHAR",
        "province": "VARCHAR", "awarded_on": "DATE",
        "status": "VARCHAR", "amount_yuan": "DECIMAL(18,2)", "amount_partial": "BOOLEAN", "disclosed": "BOOLEAN",
        "flags": ["VARCHAR"], "confirmed_amount_yuan": "DECIMAL(18,2)",
        "tax_included": "BOOLEAN", "is_large_model": "BOOLEAN", "relevance": "DOUBLE", "project_type": "VARCHAR",
        "sector": "VARCHAR", "subsector": "VARCHAR", "suppliers": ["VARCHAR"], "vendors": ["VARCHAR"], "own_group": "BOOLEAN",
        "portals": ["VARCHAR"], "notice_keys": ["VARCHAR"],
        "lots": [{"lot_no": "INTEGER", "lot_name": "VARCHAR", "state": "VARCHAR", "counted": "BOOLEAN",
            "is_large_model": "BOOLEAN", "amount_yuan": "DECIMAL(18,2)", "amount_source": "VARCHAR",
            "suppliers": ["VARCHAR"], "vendors": ["VARCHAR"], "notice_key": "VARCHAR"}],
        "evidence": "JSON"}'))
    FROM (SELECT unnest(CAST($rows AS VARCHAR[])) AS row)
) AS r
