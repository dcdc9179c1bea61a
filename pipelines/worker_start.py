"""What the fork server of the worker processes imports, once, so that each new worker is ready at once.

Words and expressions are compiled when the first page needs them, which takes longer than a hundred pages. So a page is
read here, as a worker would read it, and the workers start with what it left in memory.
"""

from __future__ import annotations

from datetime import datetime

from pipelines.common.clock import SHANGHAI
from pipelines.model import Page
from pipelines.workers import process_batch

_LINES = (
    "一、项目编号：A-0001",
    "二、项目名称：大模型平台采购项目",
    "三、中标（成交）信息",
    "供应商名称：某市甲科技有限公司",
    "中标（成交）金额：10万元",
    "1.采购人信息",
    "名 称：某市数据局",
)

process_batch(
    [
        Page(
            portal="example",
            url="https://notices.example/1",
            fetched_at=datetime(2026, 1, 1, tzinfo=SHANGHAI),
            content_type="text/html",
            body="".join(f"<p>{line}</p>" for line in _LINES),
            title="某市数据局大模型平台采购项目中标公告",
        )
    ]
)
