"""New awards as messages for people: the counted awards of the published database, in a few lines of Chinese each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pipelines.common.money import YI, in_units
from pipelines.common.safe_text import is_web_address, printable, without_mentions
from pipelines.lexicon import terms
from tenders.config.models import AnnounceSection
from tenders.database import query_rows

# Together these keep a message shorter than the longest one that a chat robot takes.
_MOST_LINKS, _LONGEST_LINK = 2, 200
_MOST_SUPPLIERS, _LONGEST_NAME, _LONGEST_TITLE = 5, 40, 100
_UNDISCLOSED = "未公布"
_AWARDS = """
    WITH links AS (
        SELECT k.award_key, list(n.url ORDER BY n.kind <> 'award', n.published_on, n.notice_key) AS urls
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM counted_awards) AS k
        JOIN notices AS n USING (notice_key)
        WHERE n.is_latest
        GROUP BY k.award_key
    )
    SELECT
        a.award_key,
        coalesce(a.project_name, a.title, '') AS name,
        coalesce(a.buyer, '') AS buyer,
        a.suppliers,
        a.amount_yuan,
        a.amount_partial,
        coalesce(a.project_type, '') AS project_type,
        coalesce(a.sector, '') AS sector,
        a.awarded_on,
        a.first_seen_at,
        a.notice_keys,
        coalesce(l.urls, []) AS urls
    FROM counted_awards AS a
    LEFT JOIN links AS l USING (award_key)
    ORDER BY a.awarded_on, a.first_seen_at, a.award_key
"""


@dataclass(frozen=True, slots=True)
class Award:
    """One counted award. ``urls`` are those of its notices, result notices first."""

    award_key: str
    name: str
    buyer: str
    suppliers: list[str]
    amount_yuan: Decimal | None
    amount_partial: bool
    project_type: str
    sector: str
    awarded_on: date
    first_seen_at: datetime
    notice_keys: list[str]
    urls: list[str]

    @property
    def keys(self) -> set[str]:
        """All keys that identify it: its own key can change when an earlier notice of it turns up."""
        return {self.award_key, *self.notice_keys}

    @property
    def links(self) -> list[str]:
        """Return the first addresses of its notices that a browser can open."""
        web_addresses = [url for url in self.urls if is_web_address(url)]
        return [url for url in web_addresses if len(url) <= _LONGEST_LINK][:_MOST_LINKS]

    @property
    def title(self) -> str:
        """Return the project's name on one line, shortened if it is very long."""
        return _one_line(self.name, _LONGEST_TITLE) or self.award_key


def awards_to_announce(data_dir: Path, section: AnnounceSection) -> list[Award]:
    """Return the counted awards that the configuration does not leave out, oldest first."""
    awards = [Award(**row) for row in query_rows(data_dir, _AWARDS)]
    return [award for award in awards if _is_wanted(award, section)]


def award_text(award: Award) -> str:
    """Return an award in a few lines of Chinese."""
    project_type = terms.name("project_type", award.project_type, "zh")
    sector = terms.name("sector", award.sector, "zh")
    suppliers = [_one_line(name, _LONGEST_NAME) for name in award.suppliers[:_MOST_SUPPLIERS]]
    more = f" 等 {len(award.suppliers)} 家" if len(award.suppliers) > len(suppliers) else ""
    lines = [
        award.title,
        f"采购人：{_one_line(award.buyer, _LONGEST_NAME) or _UNDISCLOSED}",
        f"中标（成交）供应商：{'、'.join(suppliers) or _UNDISCLOSED}{more}",
        f"金额：{amount_text(award)}",
        " · ".join(word for word in (project_type, sector, award.awarded_on.isoformat()) if word),
        *award.links,
    ]
    return "\n".join(lines)


def amount_text(award: Award) -> str:
    """Return the price in 亿元 or 万元, to two places, rounded half up."""
    yuan = award.amount_yuan
    if yuan is None:
        return _UNDISCLOSED
    unit, unit_name = (YI, "亿元") if yuan >= YI else (10**4, "万元")
    return f"{in_units(yuan, unit):,} {unit_name}{'（部分标段未公布）' if award.amount_partial else ''}"


def _is_wanted(award: Award, section: AnnounceSection) -> bool:
    if award.amount_yuan is None:
        return section.undisclosed
    return award.amount_yuan >= section.min_amount


def _one_line(text: str, most: int) -> str:
    """Return text from a page on one line of at most ``most`` characters, so that it calls nobody in a chat."""
    line = without_mentions(" ".join(printable(text).split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"
