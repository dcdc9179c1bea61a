"""How right the rules are on the label files, as the table that the documents show: ``python -m tests.helpers.label_figures``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.labelled_notices import LabelledNotice, read_labels
from tenders.jobs.label_facts import classes_of
from tests.paths import ROOT

LABELS = ROOT / "tests" / "labels"
PAGES = {
    ROOT / "README.md": "en",
    ROOT / "README.zh.md": "zh",
    ROOT / "docs" / "definition.md": "en",
    ROOT / "docs" / "zh" / "definition.md": "zh",
}  # the language of each page with the table
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

Judged = tuple[LabelledNotice, dict[str, Any]]


@cache
def judged(part: str) -> tuple[Judged, ...]:
    """Each label of ``fit`` or ``held`` with what the rules say of its title, lots and buyer."""
    labels = read_labels(LABELS / f"{part}.jsonl")
    return tuple((label, classes_of(label)) for label in labels if isinstance(label, LabelledNotice))


def _large(yes: bool, *confidences: str) -> Callable[[Iterable[Judged]], list[bool]]:
    return lambda rows: [
        bool(ours["is_large_model"])
        for label, ours in rows
        if label.is_large_model == yes and label.confidence in confidences
    ]


def _type(rows: Iterable[Judged]) -> list[bool]:
    return [
        label.project_type[0] == ours["project_type"]
        for label, ours in rows
        if label.is_large_model and label.project_type and ours["is_large_model"]
    ]


def _sector(rows: Iterable[Judged]) -> list[bool]:
    return [label.sector == ours["sector"] for label, ours in rows if label.sector and label.buyer]


def _province(rows: Iterable[Judged]) -> list[bool]:
    return [label.province == ours["province"] for label, ours in rows if label.province]


MEASURES: dict[str, Callable[[Iterable[Judged]], list[bool]]] = {
    "large model, label sure: found": _large(True, "high"),
    "large model, label borderline: found": _large(True, "medium"),
    "large model, label doubtful (often only the body of the notice shows it): found": _large(True, "low"),
    "AI-flavoured or doubtful others: wrongly taken as large-model": _large(False, "medium", "low"),
    "plain others: wrongly taken as large-model": _large(False, "high"),
    "project type, where the large model is found: right": _type,
    "sector of a named buyer: right": _sector,
    "province, from buyer and title alone: right": _province,
}

IN_CHINESE = {
    "measured": "指标",
    "large model, label sure: found": "大模型，标注把握大：找到",
    "large model, label borderline: found": "大模型，标注属边界情形：找到",
    "large model, label doubtful (often only the body of the notice shows it): found": (
        "大模型，标注把握小（往往只有正文能看出）：找到"
    ),
    "AI-flavoured or doubtful others: wrongly taken as large-model": "其他，带 AI 字样或标注把握不大：误判为大模型",
    "plain others: wrongly taken as large-model": "其他，显然无关：误判为大模型",
    "project type, where the large model is found: right": "项目类型，已找到的大模型项目：正确",
    "sector of a named buyer: right": "行业，有采购人名称：正确",
    "province, from buyer and title alone: right": "省份，只看采购人和标题：正确",
}


def table(language: str = "en") -> str:
    """The measures on both parts, as Markdown in English or Chinese (``zh``)."""
    chinese = language == "zh"
    lines = [f"| {IN_CHINESE['measured'] if chinese else 'measured'} | `fit` | `held` |", "|---|---|---|"]
    for name, measure in MEASURES.items():
        cells = []
        for part in ("fit", "held"):
            hits = measure(judged(part))
            cells.append(f"{sum(hits)}/{len(hits)}" if chinese else f"{sum(hits)} of {len(hits)}")
        lines.append(f"| {IN_CHINESE[name] if chinese else name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def shown(page: Path) -> str:
    """The table as ``page`` has it."""
    return page.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()


def main() -> None:
    """Puts the table of today into the pages."""
    for page, language in PAGES.items():
        before, rest = page.read_text("utf-8").split(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{table(language)}\n{END}{rest.split(END)[1]}", "utf-8")
    print(table())


if __name__ == "__main__":
    main()
