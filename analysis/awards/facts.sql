-- One row for each version of each notice in the batch, with the columns of NoticeFacts (facts.py) except its lots.
-- Instants are microseconds since 1970. day counts from 0001-01-01 = 1; a notice without a date of publication has the
-- Shanghai day on which it was first seen. Macros do not exist yet when awards are resolved.
SELECT
    v.component,
    v.content_hash,
    v.notice_key AS key,
    c.portal,
    c.kind,
    c.title,
    c.published_on,
    CAST(
        coalesce(c.published_on, CAST(timezone('Asia/Shanghai', v.first_seen_at) AS DATE)) - DATE '0001-01-01' AS INTEGER
    ) + 1 AS day,
    epoch_us(v.first_seen_at) AS seen,
    epoch_us(first(v.first_seen_at) OVER (PARTITION BY v.notice_key ORDER BY v.version)) AS first_seen,
    c.project_number,
    c.project_number_key AS number_key,
    c.platform_number_key,
    c.project_name,
    c.project_name_key AS name_key,
    c.buyer,
    c.buyer_key,
    c.buyer_vendor,
    c.buyer_kind,
    c.province,
    coalesce(c.cancels_result, false) AS cancels_result,
    -- The words by which a result says that it replaces an earlier one, or a correction says what it corrects.
    coalesce(array_to_string(CAST(c.evidence -> '$.replaces_result' AS VARCHAR[]), chr(10)), '') AS replacement_words,
    -- (二次), 三次招标, 重新招标 and 重新采购, 再次招标 and 再次采购, 重招
    coalesce(regexp_matches(c.title, '二次|三次|重新(?:招标|采购)|再次(?:招标|采购)|重招'), false) AS is_retender,
    coalesce(c.is_large_model, false) AS is_large_model,
    coalesce(c.relevance, 0) AS relevance,
    c.project_type,
    c.sector,
    c.subsector,
    -- Other kinds give an award no value whose words are shown.
    CASE WHEN c.kind IN ('award', 'candidate', 'correction', 'contract', 'failed')
        THEN CAST(c.evidence AS VARCHAR) END AS evidence,
    c.price_statements AS stated
FROM batch_versions AS v
JOIN stg_contents AS c USING (content)
ORDER BY v.component, v.notice_key, v.version
