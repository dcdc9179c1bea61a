"""A very small portal whose lists are JSON and are asked for days, for tests of how a crawl divides, resumes and counts.

It is the gpcms search (``tenders/spiders/gpcms.py``) turned into a portal of its own, because that is the shortest family.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.helpers.loopback import Answering, listening


@dataclass
class DatedServer:
    """``notices``: id → (day, title). ``cap``: more rows than these are never shown, though ``total`` counts them."""

    notices: dict[str, tuple[str, str]] = field(default_factory=dict)
    page_size: int = 20
    cap: int | None = None
    lie: int = 0  # added to the total
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    before: Callable[[str, dict[str, str]], str | int | None] = lambda path, query: None
    origin: str = ""

    def fill(self, day: str, count: int, start: int = 1) -> None:
        self.notices |= {f"{day}-{n}": (day, f"第{n}号大模型平台采购项目结果公告") for n in range(start, start + count)}

    def lists(self) -> list[dict[str, str]]:
        return [query for path, query in self.asked if path.endswith("selectInfoForIndex")]

    def details(self) -> list[str]:
        return [query["id"] for path, query in self.asked if path.endswith("getInfoById")]

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        self.asked.append((path, query))
        scripted = self.before(path, query)
        if isinstance(scripted, int):
            return scripted, ""
        if scripted is not None:
            return 200, scripted
        if path.endswith("getInfoById"):
            day, title = self.notices[query["id"]]
            content = f"<div id='noticeArea'><p>一、项目编号：XM-{query['id']}</p><p>二、项目名称：{title}</p></div>"
            return 200, _json({"id": query["id"], "title": title, "noticeTime": f"{day} 09:00:00", "content": content})
        first, last = query["operationStartTime"][:10], query["operationEndTime"][:10]
        found = sorted(((day, key) for key, (day, _) in self.notices.items() if first <= day <= last), reverse=True)
        shown = found[: self.cap]
        at = (int(query["currPage"]) - 1) * self.page_size
        rows = [
            {"id": key, "title": self.notices[key][1], "noticeTime": f"{day} 09:00:00", "noticeTypeName": "结果公告"}
            for day, key in shown[at : at + self.page_size]
        ]
        return 200, _json({"total": min(len(found), self.cap or len(found)) + self.lie, "rows": rows})


def _json(data: object) -> str:
    return json.dumps({"code": "200", "msg": "操作成功", "data": data}, ensure_ascii=False)


@contextmanager
def serving(server: DatedServer) -> Iterator[DatedServer]:
    """Answers on a free loopback port; ``server.origin`` says where."""

    class Handler(Answering):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, text = server.answer(parts.path, query)
            self.send(status, "application/json;charset=UTF-8", text.encode())

    with listening(Handler) as server.origin:
        yield server
