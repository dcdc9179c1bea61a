"""The pages of the site, each in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import orjson
from markupsafe import Markup

from analysis.figures.counted import counted
from analysis.figures.coverage import covered_once
from analysis.figures.definition import Definition, load
from analysis.figures.months import shift_month
from analysis.figures.periods import Period
from analysis.publication.site import awards_files, downloads
from analysis.publication.site.latest import latest_awards
from analysis.publication.site.periods import Neighbours, month_in_front, neighbours, periods_of, years
from analysis.rendering.locale import Locale
from analysis.rendering.messages import Language
from analysis.reports.charts.links import AwardsAddress, awards_address
from analysis.reports.html import page as report
from analysis.reports.html.environment import page_environment
from analysis.reports.period_report import Contents, gather
from analysis.staging.last_seen import last_seen
from pipelines.common.clock import SHANGHAI

LANGUAGES: tuple[Language, ...] = ("zh", "en")
FEED = "feed.xml"
_SECTIONS = tuple(name for name in report.SECTIONS if name != "awards")
_AWARDS, _DOWNLOADS = "awards.html", "downloads.html"
_LATEST = 12  # awards on the first page
_ROWS = 50  # awards on a page of the list
_HERE = "analysis.publication.site"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: its language and its path below the folder of this language."""

    language: Language
    path: str

    @property
    def below_site(self) -> str:
        """The path below the site's folder."""
        return folder_of(self.language) + self.path

    @property
    def home(self) -> str:
        """The way from this page to the folder of its language."""
        return "../" * self.path.count("/")

    @property
    def root(self) -> str:
        """The way from this page to the site's folder."""
        return "../" * self.below_site.count("/")

    @property
    def translation(self) -> str:
        """The way to the same page in the other language."""
        other: Language = "en" if self.language == "zh" else "zh"
        return f"{self.root}{folder_of(other)}{self.path}"


def _awards_address(place: Place) -> AwardsAddress:
    return partial(awards_address, f"{place.home}{_AWARDS}")


def folder_of(language: Language) -> str:
    """Return the folder of a language below the site's folder, empty or with a slash at its end."""
    return "" if language == "zh" else f"{language}/"


def award_page(month: str, award_key: str) -> str:
    """Return the address of an award below the folder of a language."""
    return awards_address(_AWARDS, month=month, award=award_key)


def write(con: duckdb.DuckDBPyConnection, folder: Path, target: Path, manifest: Mapping[str, Any]) -> None:
    """Write the pages, their assets and their awards below ``target``.

    ``con`` is the published database, ``folder`` has the other published files, ``manifest`` is what its file says.
    """
    definition = load(manifest["definition"])
    months = [month for (month,) in con.execute("SELECT month FROM monthly ORDER BY month DESC").fetchall()]
    _write_assets(target)
    awards_files.write(con, definition, months, target)
    site = _Site(con, folder, target, manifest, definition, months)
    if months:
        first = shift_month(date(months[-1].year, 1, 1), -12)
        all_months = [shift_month(first, ahead) for ahead in range(_months_between(first, months[0]) + 13)]
        with (
            counted(con, definition, all_months, None, for_many_reports=True),
            covered_once(con, definition, None),
        ):
            site.write_periods()
    for language in LANGUAGES:
        site.write_others(language)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


class _Site:
    """The pages of one publication."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        folder: Path,
        target: Path,
        manifest: Mapping[str, Any],
        definition: Definition,
        months: Sequence[date],
    ) -> None:
        self._con = con
        self._folder = folder
        self._target = target
        self._manifest = manifest
        self._definition = definition
        self._months = months
        self._periods = periods_of(months)
        self._newest: Contents | None = None  # of the month that the first page opens on
        known = last_seen(con)
        self._as_of = known.astimezone(SHANGHAI).date() if known else None

    def write_periods(self) -> None:
        """Write the page of each period."""
        shown = self._month_in_front()
        for period in self._periods:
            contents = gather(self._con, period, self._definition, made_up=self._manifest["made_up"], is_counted=True)
            if period == shown:
                self._newest = contents
            around = neighbours(period, self._periods)
            for language in LANGUAGES:
                self._write_period(contents, around, language)

    def _month_in_front(self) -> Period:
        states = {one.month: one.state for one in downloads.coverage(self._con)}
        month = month_in_front(self._awards_by_month(), states, self._as_of)
        return Period(month, month)

    def _awards_by_month(self) -> dict[date, int]:
        return dict(self._con.execute("SELECT month, awards FROM monthly").fetchall())

    def _write_period(self, contents: Contents, around: Neighbours, language: Language) -> None:
        place = Place(language, f"periods/{contents.period.key}.html")
        locale = Locale(language)
        self._write(
            place,
            "site/period.html",
            scripts=["tables.js"],
            sections=[name for name in _SECTIONS if report.has_content(name, contents)],
            neighbours=around,
            **report.section_values(contents, locale, self._months, _awards_address(place)),
        )

    def write_others(self, language: Language) -> None:
        """Write the first page, the list of awards and the downloads in one language."""
        locale = Locale(language)
        front = Place(language, "index.html")
        values = (
            report.section_values(self._newest, locale, self._months, _awards_address(front))
            if self._newest
            else {"contents": None}
        )
        self._write(
            front,
            "site/index.html",
            scripts=["tables.js"],
            latest=latest_awards(self._con, _LATEST),
            years=years(self._periods),
            awards_by_month=self._awards_by_month(),
            newer_months=[month for month in self._months if self._newest and month > self._newest.period.first],
            awards_in_all=self._awards_in_all(),
            **values,
        )
        self._write(
            Place(language, _AWARDS),
            "site/awards.html",
            scripts=[f"{Path(awards_files.FOLDER).name}/index.js", "awards.js"],
            data=self._list_data(locale),
            awards_in_all=self._awards_in_all(),
        )
        self._write(
            Place(language, _DOWNLOADS),
            "site/downloads.html",
            scripts=["tables.js"],
            definition=self._definition,
            as_of=self._as_of,
            main_files=downloads.main_files(self._folder),
            monthly_tables=downloads.monthly_tables(),
            months_of_files=downloads.months_of_files(self._folder),
            data_files=downloads.other_files(self._folder, "data"),
            figure_files=downloads.other_files(self._folder, "figures"),
            rule_files=list(downloads.rule_files(self._folder)),
            coverage=downloads.coverage(self._con),
        )

    def _awards_in_all(self) -> int:
        row = self._con.execute("SELECT coalesce(sum(awards), 0) FROM monthly").fetchone()
        assert row is not None
        return int(row[0])

    def _list_data(self, locale: Locale) -> Markup:
        """Return what the script of the list needs as JSON that is safe inside the page."""
        kept = set(self._months)
        longer = sorted(
            (period for period in self._periods if not period.is_month),
            key=lambda one: (-one.last.toordinal(), one.months),
        )
        head = report.list_texts(locale) | {
            "period": "",
            "periods": {
                period.key: [f"{month:%Y-%m}" for month in reversed(period.each_month) if month in kept]
                for period in longer
            },
            "labels": {period.key: locale.period(period) for period in self._periods},
            "order": "day",
            "rows": _ROWS,
            "files": f"{Place(locale.language, _AWARDS).root}{awards_files.FOLDER}/",
        }
        return report.json_in_html(f'{{"page":{orjson.dumps(head).decode()},"awards":null}}')

    def _write(self, place: Place, template: str, **values: Any) -> None:
        base_address = self._manifest.get("url")
        text = (
            page_environment(place.language, _HERE)
            .get_template(template)
            .render(
                place=place,
                root=place.root,
                home=place.home,
                address=f"{base_address}{place.below_site}" if base_address else None,
                manifest=self._manifest,
                feed=FEED,
                awards_address=_awards_address(place),
                size_text=downloads.size_text,
                **values,
            )
        )
        path = self._target / place.below_site
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


def _write_assets(target: Path) -> None:
    folder = target / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    for name in report.SCRIPTS:
        (folder / name).write_text(report.asset(name), "utf-8", newline="")
    own = (resources.files(_HERE) / "site.css").read_text("utf-8")
    (folder / "site.css").write_text(f"{report.report_style()}{own}", "utf-8", newline="")
