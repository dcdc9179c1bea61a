-- The published tables. Their columns are public interface (docs/reference/contract.md).
-- Amounts are DECIMAL(18,2) in yuan, dates are calendar dates in Asia/Shanghai, instants are TIMESTAMPTZ.

CREATE TABLE IF NOT EXISTS about (schema_version INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS notices (
    notice_key VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    is_latest BOOLEAN NOT NULL,
    portal VARCHAR NOT NULL,
    notice_id VARCHAR,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    title VARCHAR,
    published_on DATE,
    project_number VARCHAR,
    project_name VARCHAR,
    buyer VARCHAR,
    buyer_vendor VARCHAR,
    buyer_kind VARCHAR,
    agency VARCHAR,
    province VARCHAR,
    body VARCHAR,
    is_large_model BOOLEAN,
    relevance DOUBLE,
    project_type VARCHAR,
    project_type_second VARCHAR,
    sector VARCHAR,
    subsector VARCHAR,
    cancels_result BOOLEAN,
    price_statements STRUCT(source VARCHAR, amount_yuan DECIMAL(18, 2), words VARCHAR)[],
    evidence JSON,
    first_seen_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    origin VARCHAR
);

CREATE TABLE IF NOT EXISTS lots (
    notice_key VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    lot_no INTEGER NOT NULL,
    lot_name VARCHAR,
    amount_yuan DECIMAL(18, 2),
    amount_kind VARCHAR,
    amount_text VARCHAR,
    tax_included BOOLEAN,
    is_large_model BOOLEAN,
    lot_seq INTEGER NOT NULL,
    failed BOOLEAN,
    numbered BOOLEAN,
    price_statements STRUCT(source VARCHAR, amount_yuan DECIMAL(18, 2), words VARCHAR)[]
);

CREATE TABLE IF NOT EXISTS winners (
    notice_key VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    lot_no INTEGER NOT NULL,
    position INTEGER,
    supplier VARCHAR NOT NULL,
    vendor VARCHAR,
    role VARCHAR,
    share_pct DECIMAL(9, 4),
    amount_yuan DECIMAL(18, 2),
    lot_seq INTEGER NOT NULL,
    seq INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS award_states (
    award_key VARCHAR NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ,
    project_number VARCHAR,
    project_name VARCHAR,
    title VARCHAR,
    buyer VARCHAR,
    buyer_vendor VARCHAR,
    buyer_kind VARCHAR,
    province VARCHAR,
    awarded_on DATE,
    status VARCHAR NOT NULL,
    amount_yuan DECIMAL(18, 2),
    amount_partial BOOLEAN NOT NULL,
    disclosed BOOLEAN NOT NULL,
    flags VARCHAR[] NOT NULL,
    confirmed_amount_yuan DECIMAL(18, 2),
    tax_included BOOLEAN,
    is_large_model BOOLEAN NOT NULL,
    relevance DOUBLE,
    project_type VARCHAR,
    sector VARCHAR,
    subsector VARCHAR,
    suppliers VARCHAR[] NOT NULL,
    vendors VARCHAR[] NOT NULL,
    own_group BOOLEAN NOT NULL,
    portals VARCHAR[] NOT NULL,
    notice_keys VARCHAR[] NOT NULL,
    lots STRUCT(
        lot_no INTEGER, lot_name VARCHAR, state VARCHAR, counted BOOLEAN, is_large_model BOOLEAN,
        amount_yuan DECIMAL(18, 2), amount_source VARCHAR, suppliers VARCHAR[], vendors VARCHAR[], notice_key VARCHAR
    )[] NOT NULL,
    origin VARCHAR
);

CREATE TABLE IF NOT EXISTS awards (
    award_key VARCHAR NOT NULL,
    project_number VARCHAR,
    project_name VARCHAR,
    title VARCHAR,
    buyer VARCHAR,
    buyer_vendor VARCHAR,
    buyer_kind VARCHAR,
    province VARCHAR,
    awarded_on DATE,
    status VARCHAR NOT NULL,
    amount_yuan DECIMAL(18, 2),
    amount_partial BOOLEAN NOT NULL,
    disclosed BOOLEAN NOT NULL,
    flags VARCHAR[] NOT NULL,
    confirmed_amount_yuan DECIMAL(18, 2),
    tax_included BOOLEAN,
    is_large_model BOOLEAN NOT NULL,
    relevance DOUBLE,
    project_type VARCHAR,
    sector VARCHAR,
    subsector VARCHAR,
    suppliers VARCHAR[] NOT NULL,
    vendors VARCHAR[] NOT NULL,
    own_group BOOLEAN NOT NULL,
    portals VARCHAR[] NOT NULL,
    notice_keys VARCHAR[] NOT NULL,
    evidence JSON,
    first_seen_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR
);

CREATE TABLE IF NOT EXISTS award_lots (
    award_key VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    lot_no INTEGER,
    lot_name VARCHAR,
    state VARCHAR NOT NULL,
    counted BOOLEAN NOT NULL,
    is_large_model BOOLEAN NOT NULL,
    amount_yuan DECIMAL(18, 2),
    amount_source VARCHAR,
    suppliers VARCHAR[] NOT NULL,
    vendors VARCHAR[] NOT NULL,
    notice_key VARCHAR NOT NULL
);

-- What people decided (docs/review.md): a row for each award and field. The award is the one that has the notices today.
CREATE TABLE IF NOT EXISTS reviews (
    award_key VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    reviewed_at TIMESTAMPTZ NOT NULL,
    reviewer VARCHAR,
    note VARCHAR,
    notice_keys VARCHAR[] NOT NULL
);

-- The portals that have a descriptor (tenders/portals), written by each load.
CREATE TABLE IF NOT EXISTS portals (
    portal VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    crawl BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS crawls (
    crawl_id VARCHAR NOT NULL,
    portal VARCHAR NOT NULL,
    since DATE,
    until DATE,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    state VARCHAR,
    listed BIGINT,
    stored BIGINT,
    reason VARCHAR,
    failure VARCHAR,
    origin VARCHAR
);

CREATE TABLE IF NOT EXISTS crawl_windows (
    crawl_id VARCHAR NOT NULL,
    portal VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    keywords VARCHAR NOT NULL,
    day DATE NOT NULL,
    said BIGINT,
    listed BIGINT,
    stored BIGINT,
    failed BIGINT,
    quarantined BIGINT,
    state VARCHAR,
    checked_at TIMESTAMPTZ
);

-- One row: the months that growth may compare in the views (their first days), computed from the tables above by each load. Those that
-- are covered by the definition "market" (known_months_as_of) or, if coverage is unknown, those that hold counted awards.
CREATE TABLE IF NOT EXISTS known_months (months DATE[] NOT NULL);

-- What the portal's own past says about a crawl (tenders.monitoring.crawl_alarms); computed from the tables above after each load.
CREATE TABLE IF NOT EXISTS crawl_alarms (
    crawl_id VARCHAR NOT NULL,
    portal VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL,
    alarm VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    days DATE[] NOT NULL,
    text VARCHAR NOT NULL,
    is_open BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published_figures (
    period VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    dimension VARCHAR,
    value DOUBLE,
    publisher VARCHAR,
    source_url VARCHAR,
    note VARCHAR
);
