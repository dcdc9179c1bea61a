"""The parts of the page that say how far to trust it: revisions, other people's figures, coverage, how to read it."""

from __future__ import annotations

import shlex
from decimal import Decimal

from analysis.figures.vintages import AwardChange
from analysis.reports.html.markup import behind, grid, more, name, para, section, text, web
from analysis.reports.locale import METRIC, Tongue, count
from analysis.reports.month_report import Contents


def revisions(contents: Contents, tongue: Tongue) -> str:
    """What changed since the month was first looked at, by cause and one by one."""
    found = contents.summary.revisions
    title = tongue("revisions")
    if found is None:
        return section("revisions", title, para(text(tongue("revisions_early"))))
    if not found.causes:
        return section("revisions", title, para(text(tongue("revisions_none", since=found.since))))
    note = tongue(
        "revisions_note", since=found.since, awards=count(found.awards), amount=tongue.money(found.amount_yuan)
    )
    head = [
        (tongue("cause"), ""),
        (tongue("changes"), "n"),
        (tongue("awards_change"), "n"),
        (tongue("amount_change"), "n"),
    ]
    rows = [
        [text(tongue.code("cause", one.cause)), count(one.changes), _moved(one.awards_change),
         _moved(one.amount_change_yuan)]
        for one in found.causes
    ]  # fmt: skip
    rows.append([
        text(tongue("net")), count(sum(one.changes for one in found.causes)),
        _moved(sum(one.awards_change for one in found.causes)),
        _moved(sum((one.amount_change_yuan for one in found.causes), Decimal(0))),
    ])  # fmt: skip
    single = [(tongue("known_on"), "when"), (tongue("project"), "long"), (tongue("cause"), ""), (tongue("awards_change"), "n"),
              (tongue("from_to"), "n"), (tongue("told_by"), "long")]  # fmt: skip
    listed = grid(
        tongue("single_changes", n=len(found.changes)),
        single,
        [_change(one, tongue) for one in found.changes],
        "bare cards",
    )
    return section(
        "revisions", title, para(text(note)), grid(title, head, rows, "bare sums"),
        more(tongue("single_changes", n=len(found.changes)), listed),
    )  # fmt: skip


def _change(one: AwardChange, tongue: Tongue) -> list[str]:
    notices = "<br>".join(web(n.url, text(tongue.code("kind", n.kind))) for n in one.notices) or "—"
    label = name(one.project_name or one.award_key, tongue.language)
    buyer = f"<br><small>{name(one.buyer, tongue.language)}</small>" if one.buyer else ""
    amounts = " → ".join(map(_yuan, (one.amount_before_yuan, one.amount_after_yuan)))
    return [
        text(one.known_on), f'{behind(label, award=one.award_key)}{buyer}', text(tongue.code("cause", one.cause)),
        _moved(one.awards_change), amounts, notices,
    ]  # fmt: skip


def _moved(value: int | Decimal) -> str:
    if not value:
        return "0"
    return (f"{value:+,.2f}" if isinstance(value, Decimal) else f"{value:+,}").replace("-", "−")


def _yuan(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def published(contents: Contents, tongue: Tongue) -> str:
    """Others' figures beside ours, and where they contradict one another."""
    order = list(METRIC)
    figures = [one for one in contents.summary.published if one.value is not None]
    figures.sort(key=lambda one: order.index(one.metric) if one.metric in order else len(order))
    head = [(tongue("measure"), ""), (tongue("their"), "n"), (tongue("ours"), "n"), (tongue("difference"), "n"),
            (tongue("source"), "long"), (tongue("note"), "long")]  # fmt: skip
    rows = [
        [_measure(one.metric, one.dimension, tongue), count(one.value), count(one.ours),
         "—" if one.difference is None else f"{one.difference:+,.10g}".replace("-", "−"),
         web(one.source_url, name(one.publisher or one.source_url or "—", tongue.language)),
         name(one.note or "", tongue.language)]
        for one in figures
    ]  # fmt: skip
    beside = grid(tongue("published"), head, rows, "bare cards") if rows else para(text(tongue("published_none")))
    return section(
        "published",
        tongue("published"),
        para(text(tongue("published_note"))),
        beside,
        _contradictions(contents, tongue),
    )


def _measure(metric: str, dimension: str | None, tongue: Tongue) -> str:
    return name(" · ".join(filter(None, (tongue.code("metric", metric), dimension))), tongue.language)


def _contradictions(contents: Contents, tongue: Tongue) -> str:
    if not contents.contradictions:
        return ""
    head = [(tongue("problem"), ""), (tongue("period"), "when"), (tongue("measure"), ""), (tongue("one_value"), "long"),
            (tongue("other_value"), "long")]  # fmt: skip
    rows = [
        [text(tongue.code("problem", one["problem"])), text(one["period"]), _measure(one["metric"], one["dimension"], tongue),
         _side(one["value"], one["publisher"], one["source_url"], tongue),
         _side(one["other_value"], one["other_publisher"], one["other_source_url"], tongue)]
        for one in contents.contradictions
    ]  # fmt: skip
    title = tongue("contradictions")
    return f"<h3>{text(title)}</h3>" + para(text(tongue("contradictions_note"))) + grid(title, head, rows, "bare cards")


def _side(value: float | None, publisher: str | None, addresses: str | None, tongue: Tongue) -> str:
    """A value with its publishers, each linked where its address is one of the web."""
    links = (addresses or "").split("; ")
    names = (publisher or "").split("; ")
    if len(links) != len(names):
        links = [links[0]] + [""] * (len(names) - 1)
    sources = "; ".join(web(link, name(who, tongue.language)) for who, link in zip(names, links, strict=True))
    return f"<b>{count(value)}</b> <small>{sources}</small>"


def reading(contents: Contents, tongue: Tongue) -> str:
    """Definition, rules, coverage by portal, and the command that gives the same figures again."""
    found, rules = contents.summary, contents.definition
    title = rules.title_zh if tongue.language == "zh" else rules.title_en
    described = "" if tongue.language == "zh" else " " + " ".join(rules.description.split())
    words = [f"<strong>{text(tongue('definition'))}</strong> {text(rules.name)} · {text(title)}{text(described)}"]
    words += [text(tongue(f"read_{what}")) for what in ("award", "amount", "sector", "growth", "coverage")]
    if contents.instant:
        words.append(text(tongue("read_vintage")))
    head = [(tongue("portal"), ""), (tongue("state"), ""), (tongue("days_complete"), "n"), (tongue("days_missing"), "n"),
            (tongue("notices"), "n")]  # fmt: skip
    rows = [
        [text(one.portal), text(tongue.code("state", one.state)), count(one.days_complete), count(one.days_missing),
         count(one.notices)]
        for one in found.coverage.portals
    ]  # fmt: skip
    covered = grid(f"{tongue('coverage')} {found.month_key}", head, rows) if rows else ""
    alarms = "".join(f"<li>{text(alarm)}</li>" for alarm in found.coverage.alarms)
    return section(
        "reading", tongue("reading"), "<ul>" + "".join(f"<li>{word}</li>" for word in words) + "</ul>", covered,
        f"<h3>{text(tongue('alarms'))}</h3><ul>{alarms}</ul>" if alarms else "",
        f"<h3>{text(tongue('again'))}</h3><pre><code>{text(command(contents))}</code></pre>",
    )  # fmt: skip


def command(contents: Contents) -> str:
    """What gives this month's figures again."""
    found = contents.summary
    parts = ["tenders", "summary", "--month", found.month_key, "--definition", found.definition]
    if contents.instant:
        parts += ["--as-of", str(found.as_of)]
    return shlex.join(parts)
