"""Every regular expression that reads the text of a page, and texts that make a careless one slow."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pipelines
from pipelines.classify import lexicon
from pipelines.model import Page
from pipelines.process import process

# What a text is filled with: blanks, digits, brackets, numerals, marks, repeated labels and their values.
UNITS = (
    "\t", " ", "\n", "\u3000", "1", "1,", "1.", "-", "/", "9-", "壹", "壹仟", "一", "〇", "（", "(", "）", "【", "《", "“", "：", ":", "，", "、",
    "。", ".", "*", "#", "￥1", "1 ", "1\t", "\t1", "\n1", " \n", "甲", "甲 ", "甲、", "甲，", "甲\t", "\n甲", "公司", "甲公司", "甲公司、",
    "a", "a.", "a@", "a-", "A1", "A-1 ", "总", "合", "价", "万元", "元", "%", "1%", "第1", "第一", "第一名", "包1", "包1（", "包号", "标段", "1标段",
    "\n一、", "\n1.", "1、", "一、", "名称：", "名 称：", "供应商：", "供应商名称：甲公司\n", "中标金额：1元\n", "金额：5万元，", "金额：", "报价：1", "单价",
    "更正前：", "更正为：", "更正内容：甲更正为乙", "原：1现：2", "由甲更正为乙", "联合体：甲、乙", "牵头人：甲", "联系人：甲", "联系人", "电话：1", "138", "13800000000",
    "评审专家：甲", "专家", "采购人：", "关于", "项目", "采购项目", "项目编号：A-1", "公告", "中标公告", "中标", "成交", "废标", "未中标", "某市", "大学", "某市教育局",
    "2025年", "2025年1月1日", "2025-01-01 ", "附件：", "详见附件", "<br>", "&nbsp;", "<", "<a ", "</", "大模型", "不含大模型", "智能", "AI", "\u200b",
)  # fmt: skip


@cache
def expressions() -> dict[str, re.Pattern[str]]:
    """Return the compiled expressions of the package by the name of where they are kept, each once."""
    process(
        Page("made-up", "https://notices.example/1", datetime(2026, 1, 1, tzinfo=UTC), "text/plain", "甲", "中标公告")
    )
    found: dict[re.Pattern[str], str] = {}
    for module in pkgutil.walk_packages(pipelines.__path__, "pipelines."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            for place, pattern in _patterns(value, f"{module.name}.{name}", 3):
                found.setdefault(pattern, place)
    for make, value in lexicon.current().compiled.items():
        for place, pattern in _patterns(value, f"{make.__module__}.{make.__qualname__}", 5):
            found.setdefault(pattern, place)
    return {place: pattern for pattern, place in found.items()}


def use_of(place: str, pattern: re.Pattern[str]) -> Callable[[str], object]:
    """Return how the code uses an expression: to search a text, or only from the start of a text."""
    module, _, name = place.rpartition(".")
    uses = set(re.findall(rf"\b{re.escape(name)}\b(?!\s*=[^=])(?!:)(\.\w+)?", _source(module, name))) - {".pattern"}
    if uses == {".match"}:
        return pattern.match
    if uses and uses <= {".match", ".fullmatch"}:
        return pattern.fullmatch
    return lambda text: sum(1 for _ in pattern.finditer(text))


def _source(module: str, name: str) -> str:
    """Return the source that may use a name of a module: its own, or for a public name that of the package."""
    own = Path(pipelines.__path__[0]).parent / f"{module.replace('.', '/')}.py"
    return own.read_text("utf-8") if name.startswith("_") and own.exists() else _package_source()


@cache
def _package_source() -> str:
    """Return the source of the package without the statements that import names."""
    texts = [path.read_text("utf-8") for path in Path(pipelines.__path__[0]).rglob("*.py")]
    return re.sub(r"^from [^\n]* import (?:\([^)]*\)|[^\n]*)$", "", "\n".join(texts), flags=re.M)


def _patterns(value: object, place: str, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns that a value holds, with their places."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield place, value
        return
    if depth == 0 or isinstance(value, str):
        return
    parts: list[tuple[object, object]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(enumerate(value))
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [(field.name, getattr(value, field.name, None)) for field in fields(value)]
    for key, part in parts:
        yield from _patterns(part, f"{place}[{key}]", depth - 1)


def filled(unit: str, characters: int) -> str:
    """Return a text of so many characters that repeats one unit."""
    return (unit * (characters // len(unit) + 1))[:characters]
