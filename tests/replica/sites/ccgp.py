"""中国政府采购网: channel lists with the newest first, and detail pages by path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from tests.replica import page, render
from tests.replica.market import ccgp_world
from tests.replica.model import Event, Market, Posting, Project, World
from tests.replica.protocol import Ask, Reply, html
from tests.replica.server import Scenario

BLOCK_PAGES = {
    "frequent": "<!doctype html><html><head><meta charset='utf-8'><title>提示</title></head><body><p>您的访问过于频繁,请稍后再试 频繁访问!中国政府采购网</p></body></html>",
    "verify": "<!doctype html><html><head><meta charset='utf-8'><title>安全验证</title></head><body><div id='captcha'>安全验证：请完成下方验证后继续访问</div></body></html>",
    "empty": "<!doctype html><html><head><meta charset='utf-8'><title>中国政府采购网</title></head><body><div class='main'></div></body></html>",
}
PER_PAGE = 20
MAX_PAGES = 25
_LIST = re.compile(r"^/cggg/(zygg|dfgg)/(\w+)/(?:index(?:_(\d+))?\.htm)?$")


@dataclass(frozen=True)
class Row:
    """A notice with its project."""

    project: Project
    event: Event


def detail(posting: Posting) -> str:
    """Return the page of one notice."""
    return render.draw_page(posting.project, posting.event)


class CcgpSite:
    """CCGP over one world.

    The newest `held_back` notices of each channel are hidden until `push` is called.
    """

    def __init__(
        self, world: World, *, skin: page.Skin = page.SKIN, held_back: int = 0, max_pages: int = MAX_PAGES
    ) -> None:
        self.world, self.skin, self.max_pages = world, skin, max_pages
        self.pages = {event.path: Row(project, event) for project, event in world.events()}
        self.lists: dict[tuple[str, str], list[Row]] = {}
        self.waiting: dict[tuple[str, str], list[Row]] = {}
        self._drawn: dict[str, str] = {}
        for project, event in reversed(world.events()):
            self.lists.setdefault((project.buyer.scope, event.channel), []).append(Row(project, event))
        for key, rows in self.lists.items():
            keep = min(held_back, len(rows) // 2)
            self.waiting[key] = rows[:keep]
            self.lists[key] = rows[keep:]

    def show_as_of(self, instant: datetime) -> None:
        """Limit the lists to what was published by then."""
        self.lists = {key: [row for row in rows if row.event.at <= instant] for key, rows in self.lists.items()}

    def push(self) -> None:
        """Publish one held-back notice at the top of its list, in every channel."""
        for key, rows in self.waiting.items():
            if rows:
                self.lists[key].insert(0, rows.pop())

    def paths(self) -> list[str]:
        """Return the paths of all list and detail pages."""
        out = []
        for (scope, channel), rows in sorted(self.lists.items()):
            base = f"/cggg/{scope}/{channel}/"
            out += [base] + [f"{base}index_{n}.htm" for n in range(1, self._pages(rows))]
        return out + sorted(self.pages)

    def _pages(self, rows: list[Row]) -> int:
        return min(self.max_pages, max(1, -(-len(rows) // PER_PAGE)))

    def answer(self, ask: Ask) -> Reply | None:
        text = self.get(ask.path)
        return None if text is None else html(text)

    def block_reply(self, kind: str) -> Reply:
        return html(BLOCK_PAGES[kind])

    def is_list(self, ask: Ask) -> bool:
        return _LIST.match(ask.path) is not None

    def get(self, path: str) -> str | None:
        """Return the page at a path, or None for a 404."""
        match = _LIST.match(path)
        if match:
            return self._list(match[1], match[2], int(match[3] or 0))
        row = self.pages.get(path)
        if row is None or row in self.waiting.get((row.project.buyer.scope, row.event.channel), ()):
            return None
        if path not in self._drawn:
            self._drawn[path] = render.draw_page(row.project, row.event, self.skin)
        return self._drawn[path]

    def _list(self, scope: str, channel: str, number: int) -> str | None:
        if channel not in page.CHANNELS:
            return None
        rows = self.lists.get((scope, channel), [])
        pages = self._pages(rows)
        if number >= pages:
            return None
        page_rows = rows[number * PER_PAGE : (number + 1) * PER_PAGE]
        lines = []
        for row in page_rows:
            parts = PurePosixPath(row.event.path).parts
            lines.append(
                page.list_row(
                    href=f"./{parts[-2]}/{parts[-1]}",
                    title=row.event.title,
                    at=row.event.at,
                    region=row.project.buyer.province,
                    buyer=row.project.buyer.name,
                )
            )
        return page.list_page(scope=scope, channel=channel, rows=lines, page=number, pages=pages, skin=self.skin)


def make(made: World | Market, scenario: Scenario) -> CcgpSite:
    made = ccgp_world(made) if isinstance(made, Market) else made
    return CcgpSite(made, skin=scenario.skin, held_back=scenario.held_back, max_pages=scenario.max_pages)
