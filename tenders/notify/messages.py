"""The news: awards that count, from the published database, in words for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tenders.config.project import AnnouncePlan
from tenders.database import query_rows

TYPES = {"compute": "算力", "application": "应用", "model": "大模型", "data": "数据"}
SECTORS = {
    "education_research": "教科",
    "government": "政务",
    "telecom": "通信",
    "energy": "能源",
    "finance": "金融",
    "healthcare": "医疗",
    "transport": "交通",
    "manufacturing": "制造",
    "media_culture": "文旅传媒",
    "other": "其他",
}
# Together less than a chat robot's longest message.
_MOST_LINKS, _LONGEST_LINK = 2, 200
_MOST_NAMES, _LONGEST_NAME, _LONGEST_TITLE = 5, 40, 100
# Control characters, and those that turn or hide the text around them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_AWARDS = """
    WITH links AS (
        SELECT k.award_key, list(n.url ORDER BY n.kind <> 'award', n.published_on, n.notice_key) AS urls
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM counted_awards) AS k
        JOIN notices AS n USING (notice_key)
        WHERE n.is_latest
        GROUP BY k.award_key
    )
    SELECT
        a.award_key, coalesce(a.project_name, a.title, '') AS name, coalesce(a.buyer, '') AS buyer, a.suppliers, a.amount_yuan,
        a.amount_partial, coalesce(a.project_type, '') AS type, coalesce(a.sector, '') AS sector, a.awarded_on, a.first_seen_at,
        a.notice_keys, coalesce(l.urls, []) AS urls
    FROM counted_awards AS a
    LEFT JOIN links AS l USING (award_key)
    ORDER BY a.awarded_on, a.first_seen_at, a.award_key
"""


@dataclass(frozen=True, slots=True)
class Award:
    """One counted award as it is told. ``urls`` are its notices', result notices first."""

    award_key: str
    name: str
    buyer: str
    suppliers: list[str]
    amount_yuan: Decimal | None
    amount_partial: bool
    type: str
    sector: str
    awarded_on: date
    first_seen_at: datetime
    notice_keys: list[str]
    urls: list[str]

    @property
    def keys(self) -> set[str]:
        """What it is known by: an award's own key may change when an earlier notice of it turns up."""
        return {self.award_key, *self.notice_keys}

    @property
    def links(self) -> list[str]:
        """Addresses of its notices that can be followed."""
        return [url for url in self.urls if url.startswith(("http://", "https://")) and len(url) <= _LONGEST_LINK][
            :_MOST_LINKS
        ]

    @property
    def title(self) -> str:
        """The project's name on one line, cut where it is endless."""
        return _cut(self.name, _LONGEST_TITLE) or self.award_key


def awards(data_dir: Path, plan: AnnouncePlan) -> list[Award]:
    """The counted awards that the plan does not leave out, oldest first."""
    found = [Award(**row) for row in query_rows(data_dir, _AWARDS)]
    return [a for a in found if (plan.undisclosed if a.amount_yuan is None else a.amount_yuan >= plan.min_amount)]


def text(award: Award) -> str:
    """An award in a few lines."""
    about = " · ".join(
        word
        for word in (TYPES.get(award.type, ""), SECTORS.get(award.sector, ""), award.awarded_on.isoformat())
        if word
    )
    names = award.suppliers[:_MOST_NAMES]
    more = f" 等 {len(award.suppliers)} 家" if len(award.suppliers) > len(names) else ""
    lines = [
        award.title,
        f"采购人：{_cut(award.buyer, _LONGEST_NAME) or '未公布'}",
        f"中标（成交）供应商：{'、'.join(_cut(name, _LONGEST_NAME) for name in names) or '未公布'}{more}",
        f"金额：{amount(award)}",
        about,
        *award.links,
    ]
    return "\n".join(lines)


def amount(award: Award) -> str:
    """The price in 亿元 or 万元, to two places."""
    yuan = award.amount_yuan
    if yuan is None:
        return "未公布"
    unit, name = (Decimal(10**8), "亿元") if yuan >= 10**8 else (Decimal(10**4), "万元")
    return f"{yuan / unit:,.2f} {name}{'（部分标段未公布）' if award.amount_partial else ''}"


def _cut(words: str, most: int) -> str:
    """Words from a page on one line, without what a chat might take for a call to everybody."""
    plain = " ".join(_UNSEEN.sub(" ", words).split()).replace("@", "＠")
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
