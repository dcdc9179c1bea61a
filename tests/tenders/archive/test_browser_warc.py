"""Pages saved with a browser, from sites that are not crawled or use one address for all notices."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tenders.jobs.ingest import ingest_files

pytestmark = pytest.mark.slow


def write_browser_warc(path: Path, visits: list[tuple[str, str, dict[str, str], bytes]]) -> Path:
    """Write a WARC like browser extensions do, from (method, address, response headers, body), with requests."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for method, address, headers, body in visits:
            asked = StatusAndHeaders(
                f"{method} / HTTP/1.1", [("Content-Type", "application/json")], is_http_request=True
            )
            got = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
            for kind, head, payload in (("response", got, body), ("request", asked, b'{"publishId":"1"}')):
                record = writer.create_warc_record(
                    address, kind, payload=BytesIO(payload), length=len(payload), http_headers=head
                )
                writer.write_record(record)
    return path


def read_notices_table(data: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute(f"SELECT {columns} FROM notices WHERE is_latest ORDER BY notice_key").fetchall()


def test_each_response_of_a_shared_address_is_a_notice(tmp_path: Path) -> None:
    address = "https://b2b.10086.cn/api-b2b/api-sync-es/white_list_api/b2b/publish/queryDetail"
    answers = [
        {
            "data": {
                "id": f"209074047155{n}",
                "name": f"第{n}号大模型服务采购项目_中选结果公示",
                "noticeContent": "<p>中选人：甲公司</p>",
            }
        }
        for n in (1, 2)
    ]
    visits = [
        ("POST", address, {"Content-Type": "application/json"}, json.dumps(a, ensure_ascii=False).encode())
        for a in answers
    ]
    report = ingest_files([write_browser_warc(tmp_path / "by-hand.warc", visits)], tmp_path / "data")
    assert (report.notices, report.problems) == (2, 0)
    assert read_notices_table(tmp_path / "data", "notice_key, kind") == [
        ("cmcc:2090740471551", "award"),
        ("cmcc:2090740471552", "award"),
    ]


def test_pages_of_uncrawled_sites_are_imported_without_pictures_and_scripts(
    tmp_path: Path,
) -> None:
    site = "https://zfcg.czt.zj.gov.cn"
    content = (
        "<h2>某市政务大模型平台采购项目中标公告</h2><p>一、项目编号：ZJ-2026-0001</p><p>二、项目名称：某市政务大模型平台采购项目</p>"
        "<p>三、中标（成交）信息</p><p>供应商名称：某市甲科技有限公司</p><p>中标（成交）金额：50.0000000（万元）</p>"
    )
    answer = {
        "result": {
            "data": {"title": "某市政务大模型平台采购项目中标公告", "content": content, "publishDate": 1782864000000}
        }
    }
    visits = [
        ("GET", f"{site}/luban/bundle.js", {"Content-Type": "application/javascript"}, b"var a = '<p>1</p>';"),
        ("GET", f"{site}/logo.png", {"Content-Type": "image/png"}, b"\x89PNG"),
        (
            "GET",
            f"{site}/portal/detail?articleId=a%2Bb%3D",
            {"Content-Type": "application/json"},
            json.dumps(answer).encode(),
        ),
    ]
    report = ingest_files([write_browser_warc(tmp_path / "by-hand.warc.gz", visits)], tmp_path / "data")
    assert report.problems == 0
    [(portal, kind, number)] = read_notices_table(tmp_path / "data", "portal, kind, project_number")
    assert (portal, kind, number) == ("zfcg.czt.zj.gov.cn", "award", "ZJ-2026-0001")
    with duckdb.connect(str(tmp_path / "data" / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT amount_yuan, suppliers FROM awards").fetchall() == [(500000, ["某市甲科技有限公司"])]
