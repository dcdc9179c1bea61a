"""A very small server of CCGP-like lists for tests of the spider's mechanics: rows can be pushed, pages can fail or be blocked.

What notices say is no matter here (tests/replica has whole notices); each detail page is just enough to be one.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.helpers.loopback import Answering, listening

CHANNELS = [f"/cggg/{scope}/{kind}/" for scope in ("zygg", "dfgg") for kind in ("zbgg", "cjgg", "fblbgg", "gzgg")]
LOCAL_AWARDS = "/cggg/dfgg/zbgg/"
BLOCK_PAGE = "<html><head><title>提示</title></head><body><p>频繁访问!中国政府采购网</p></body></html>"
HANG_UP, CUT_SHORT = 0, -1  # instead of a status: no answer at all, half of the page
CHECK_PAGE = "<html><body><div>安全验证，请完成下方操作</div></body></html>"


@dataclass
class Entry:
    """One listed notice: number, time as listed, title."""

    number: int
    time: str
    title: str

    @property
    def path(self) -> str:
        day = self.time[:10].replace("-", "")
        return f"{day[:6]}/t{day}_{self.number}.htm"

    @property
    def notice_id(self) -> str:
        return f"{self.time[:10].replace('-', '')}_{self.number}"


@dataclass
class ListServer:
    """``before`` is called with each path before its answer; ``answers`` scripts a path: statuses or texts, the last for good."""

    channels: dict[str, list[Entry]] = field(default_factory=lambda: {channel: [] for channel in CHANNELS})
    page_size: int = 20
    most_pages: int = 25
    with_pager: bool = True
    requests: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    answers: dict[str, list[int | str | bytes]] = field(default_factory=dict)
    before: Callable[[str], None] = lambda path: None
    origin: str = ""

    def fill(self, channel: str, count: int, *, day: str = "2026-08-05", start: int = 1000) -> list[Entry]:
        """``count`` new rows on top of a channel, all of one day, a minute apart."""
        rows = [
            Entry(start + i, f"{day} {8 + i // 60 % 12:02d}:{i % 60:02d}", f"第{start + i}号采购项目中标公告")
            for i in range(count)
        ]
        self.channels[channel][:0] = reversed(rows)
        return rows

    def details(self) -> list[str]:
        return [path for path in self.requests if re.search(r"/t\d", path)]

    def lists(self) -> list[str]:
        return [path for path in self.requests if not re.search(r"/t\d", path)]

    def count(self, path: str) -> int:
        return Counter(self.requests)[path]

    def answer(self, path: str) -> tuple[int, str | bytes]:
        self.requests.append(path)
        self.before(path)
        scripted = self.answers.get(path)
        if scripted:
            answer = scripted.pop(0) if len(scripted) > 1 else scripted[0]
            return (answer, "") if isinstance(answer, int) else (200, answer)
        for channel, rows in self.channels.items():
            if path.startswith(channel):
                return (
                    self._list(rows, path.removeprefix(channel))
                    if "/" not in path.removeprefix(channel)
                    else self._detail(rows, path)
                )
        return 404, ""

    def _list(self, rows: list[Entry], name: str) -> tuple[int, str]:
        found = re.fullmatch(r"(?:index(?:_(\d+))?\.htm)?", name)
        index = int(found.group(1) or 0) if found else -1
        pages = min(max(1, -(-len(rows) // self.page_size)), self.most_pages)
        if not 0 <= index < pages:
            return 404, ""
        shown = rows[index * self.page_size : (index + 1) * self.page_size]
        lines = "".join(
            f'<li> <a href="./{row.path}" target="_blank" title="{html.escape(row.title)}">{html.escape(row.title[:8])}…</a>'
            f" 发布时间：<em>{row.time}</em> 地域：<em>湖北</em> 采购人：<em>某市教育局</em></li>\n"
            for row in shown
        )
        pager = (
            f"<script>Pager({{size:{pages}, current:{index}, prefix:'index',suffix:'htm'}});</script>"
            if self.with_pager
            else ""
        )
        return 200, f'<html><body><ul class="c_list_bid">{lines}</ul>{pager}</body></html>'

    def _detail(self, rows: list[Entry], path: str) -> tuple[int, str]:
        row = next((row for row in rows if path.endswith(row.path)), None)
        if row is None:
            return 404, ""
        return 200, (
            f'<html><head><meta name="ArticleTitle" content="{html.escape(row.title)}">'
            f'<meta name="PubDate" content="{row.time}"></head><body>'
            f'<div class="vF_detail_main px1"><div class="vF_detail_header"><h2>{html.escape(row.title)}</h2></div>'
            f'<div class="vF_detail_content_container"><div class="vF_detail_content"><p>一、项目编号：XM-{row.number}</p>'
            f"<p>二、项目名称：第{row.number}号采购项目</p></div></div></div></body></html>"
        )


@contextmanager
def serving(server: ListServer) -> Iterator[ListServer]:
    """Answers on a free loopback port; ``server.origin`` says where."""

    class Handler(Answering):
        def do_GET(self) -> None:
            server.agents.add(self.headers.get("User-Agent", ""))
            status, text = server.answer(self.path)
            if status == HANG_UP:
                self.close_connection = True
                return
            body = text.encode() if isinstance(text, str) else text
            self.close_connection = status == CUT_SHORT
            cut = len(body) + 500 if status == CUT_SHORT else None
            self.send(200 if status == CUT_SHORT else status, "text/html", body, length=cut)

    with listening(Handler) as server.origin:
        yield server
