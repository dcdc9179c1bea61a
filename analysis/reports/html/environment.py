"""How the page's templates are set up: what they may call, and that nothing reaches the page unescaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import BytecodeCache, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from analysis.figures.published import PublishedFigure
from analysis.figures.shares import share_pct
from analysis.figures.summary import Part
from analysis.rendering import locale as locales
from analysis.rendering.locale import NOTHING, Locale, points_text
from analysis.rendering.messages import Language
from analysis.reports import sentences
from analysis.reports.charts import svg
from analysis.reports.charts.links import awards_address
from analysis.reports.period_report import MonthShare
from pipelines.common.safe_text import is_web_address, printable
from pipelines.lexicon import terms

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SHADES = 6  # classes s1 to s6 of page.css, in steps of six per cent


class _CompiledOnce(BytecodeCache):
    """Compiled templates for the environments of all languages: what differs between these is called by name."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template was compiled before."""
        compiled = self._compiled.get((bucket.key, bucket.checksum))
        if compiled is not None:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_compiled = _CompiledOnce()


@cache
def page_environment(language: Language, package: str | None = None) -> Environment:
    """Return the templates of one language with all that they may call.

    ``package`` is another package with templates, which may use those of the report.

    Every value that is not Markup is escaped, after control characters are taken out: those could turn a line around.
    """
    locale = Locale(language)
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader(name, "templates") for name in (package, "analysis.reports.html") if name is not None]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else printable(value),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    environment.globals |= {
        "locale": locale,
        "t": locale.text,
        "count": locales.count_text,
        "growth": locales.growth_text,
        "share": locales.share_text,
        "yuan": locales.yuan_text,
        "change": locales.change_text,
        "difference": _difference_text,
        "level": svg.level,
        "shade": _shade,
        "top_share": _top_share,
        "disclosed_share": lambda summary: share_pct(summary.disclosed, summary.awards),
        "awards_address": awards_address,  # a page whose list is elsewhere has its own
        "needs_language_mark": lambda name: not locale.is_chinese and _CHINESE.search(str(name)) is not None,
        "published_in_order": _published_in_order,
        "sources": _sources,
        "metric": sentences.metric,
        "coverage_words": sentences.coverage_words,
        "named_awards": sentences.named_awards,
        "points": points_text,
    }
    environment.filters |= {
        "iso_month": lambda month: f"{month:%Y-%m}",
        "one_line": lambda text: " ".join(text.split()),
    }
    environment.tests["web_address"] = is_web_address
    return environment


def _shade(of_month: MonthShare) -> int:
    """Return how strong the colour of a share is, from 0 (none) to 6."""
    return 0 if of_month.percent is None else min(_SHADES, 1 + int(of_month.percent // 6))


def _top_share(parts: Sequence[Part], name: str) -> float:
    """Return the largest share, at which a bar is full."""
    return max([getattr(part, name) or 0 for part in parts]) or 100


def _difference_text(value: float | None) -> str:
    return NOTHING if value is None else f"{value:+,.10g}".replace("-", "−")


def _published_in_order(figures: Sequence[PublishedFigure]) -> list[PublishedFigure]:
    """Return the published figures that have a value, in the order of the metrics in ``terms.toml``."""
    places = {metric: place for place, metric in enumerate(terms.codes("metric"))}
    known = [figure for figure in figures if figure.value is not None]
    return sorted(known, key=lambda figure: places.get(figure.metric, len(places)))


def _sources(publishers: str | None, addresses: str | None) -> list[tuple[str, str]]:
    """Return the publishers of a value, each with its address or an empty text."""
    names, links = (publishers or "").split("; "), (addresses or "").split("; ")
    if len(links) != len(names):
        links = [links[0]] + [""] * (len(names) - 1)
    return list(zip(names, links, strict=True))
