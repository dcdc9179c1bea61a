"""Keep the Chinese pages in step with the English ones.

A page and its translation have the same headings, commands, tables, lists, links, names in code and figures. Sentences
cannot be compared. Instead ``translated.toml`` holds a digest of each English section as it was when its Chinese section
was written. Once both pages say the same, ``python -m tests.docs.languages`` writes the digests again.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath

from tests.paths import ROOT

DIGESTS = ROOT / "tests" / "docs" / "translated.toml"
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip

_HEADING = re.compile(r"(#{1,6}) (.+)")
_FENCE = re.compile(r"```(\w*)")
_COMMENT = re.compile(r"(?:^|(?<=\s))#\s.*$|^\s*#$")
_PATH_IN_COMMENT = re.compile(r"#\s+[\w./-]+/[\w./-]+\s*$", re.ASCII)
_PROGRAMS = {"sh", "toml", "ini", "sql", "python"}  # languages of blocks in which # begins a comment
_OUTPUT = {"", "text"}  # languages of blocks that show what commands print, with the commands after "$ "
_LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{4}})")
_GENERATED = re.compile(r"<!-- figures -->.*?<!-- end of figures -->", re.DOTALL)
_ITEM = re.compile(r"\s*(?:[*-]|\d+\.) ")
_ROW = re.compile(r"\s*\|")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it, up to the next heading of any level."""

    level: int
    title: str
    text: str  # without its code blocks
    blocks: tuple[str, ...]  # code blocks with their language, without comments

    @property
    def rows(self) -> list[int]:
        """The numbers of cells in the rows of its tables."""
        return [_cells(line) for line in self.text.splitlines() if _ROW.match(line)]

    @property
    def items(self) -> int:
        return sum(1 for line in self.text.splitlines() if _ITEM.match(line))

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.text)

    @property
    def names(self) -> set[str]:
        """What is written as code in its sentences and tables."""
        return {" ".join(name.split()) for name in _CODE.findall(self.text)}

    @property
    def figures(self) -> Counter[str]:
        text = _LINK.sub("", _CODE.sub("", self.text))
        text = _MONTH.sub(lambda match: f"{match[2]} {MONTHS.index(match[1]) + 1}", text)
        return Counter(number.replace(",", "") for number in _NUMBER.findall(text))

    @property
    def digest(self) -> str:
        """A digest of its words: what the other properties compare is left out, and so are breaks of lines."""
        text = _NUMBER.sub("0", _CODE.sub("`", _LINK.sub("[]", _GENERATED.sub("", self.text))))
        return hashlib.sha256(" ".join(f"{self.title} {text}".split()).encode()).hexdigest()[:10]


def sections(text: str) -> list[Section]:
    """Return the sections of a Markdown page."""
    found: list[tuple[int, str, list[str], list[str]]] = [(0, "", [], [])]
    block: list[str] | None = None
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if block is not None:
            if fence:
                found[-1][3].append("\n".join(block).rstrip())
                block = None
            elif (shown := _without_comment(line, block[0])) is not None:
                block.append(shown)
        elif fence:
            block = [fence[1]]
        elif heading := _HEADING.match(line):
            found.append((len(heading[1]), heading[2], [], []))
        else:
            found[-1][2].append(line)
    return [Section(level, title, "\n".join(lines), tuple(blocks)) for level, title, lines, blocks in found]


def differences(english: str, chinese: str, pages: tuple[str, str], translations: dict[str, str]) -> Iterator[str]:
    """Yield one message for each difference in form or figures between two texts.

    ``pages`` are the paths of the two pages, ``translations`` maps the path of each translated page to the Chinese one.
    """
    left, right = sections(english), sections(chinese)
    for one, other in zip_longest(left, right):
        if one is None or other is None or one.level != other.level:
            titles = [f"{'#' * section.level} {section.title}" if section else "nothing" for section in (one, other)]
            yield f"{pages[0]} has the heading {titles[0]!r} where {pages[1]} has {titles[1]!r}"
            return
    for one, other in zip(left, right, strict=True):
        place = f"{pages[0]} {one.title!r}, {pages[1]} {other.title!r}"
        yield from _lists_differ(f"{place}: code block", one.blocks, other.blocks)
        if one.rows != other.rows:
            yield f"{place}: tables of {len(one.rows)} and {len(other.rows)} rows, or rows of other cells"
        if one.items != other.items:
            yield f"{place}: lists of {one.items} and {other.items} items"
        yield from _sets_differ(f"{place}: `code`", one.names, other.names)
        yield from _counters_differ(f"{place}: figure", one.figures, other.figures)
        links = [_targets(section.links, page, translations) for section, page in zip((one, other), pages, strict=True)]
        yield from _counters_differ(f"{place}: link", *links)
        for wrong in sorted(set(_resolved(other.links, pages[1])) & set(translations) - {pages[0]}):
            yield f"{place}: the Chinese page links the English {wrong} instead of {translations[wrong]}"


def outdated(page: str, digests: dict[str, str]) -> list[str]:
    """Return the headings of an English page whose words are not those that were translated."""
    return [section.title for section in _titled(page) if digests.get(section.title) != section.digest]


def translated_pages() -> dict[str, str]:
    """Return the path of each English page that has a Chinese one, with the path of that one."""
    pages = {f"docs/{path.name}": f"docs/zh/{path.name}" for path in sorted((ROOT / "docs" / "zh").glob("*.md"))}
    return {"README.md": "README.zh.md"} | pages


def read_digests() -> dict[str, dict[str, str]]:
    """Return, by English page and heading, the digest of the words that were translated."""
    return tomllib.loads(DIGESTS.read_text("utf-8")) if DIGESTS.exists() else {}


def main() -> None:
    """Write the digests of all pages, unless a page and its translation differ in form."""
    pages = translated_pages()
    found = [message for pair in pages.items() for message in differences_of(pair, pages)]
    if found:
        sys.exit("\n".join(found))
    lines = ["# The words of each English section when its Chinese section was written: python -m tests.docs.languages"]
    for page in pages:
        lines += ["", f'["{page}"]']
        for section in _titled(page):
            title = section.title.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'"{title}" = "{section.digest}"')
    DIGESTS.write_text("\n".join(lines) + "\n", "utf-8")


def differences_of(pair: tuple[str, str], translations: dict[str, str]) -> list[str]:
    """Return the differences between two pages of the project."""
    english, chinese = ((ROOT / page).read_text("utf-8") for page in pair)
    return list(differences(english, chinese, pair, translations))


def _titled(page: str) -> list[Section]:
    return [section for section in sections((ROOT / page).read_text("utf-8")) if section.level]


def _without_comment(line: str, language: str) -> str | None:
    """Return a line of code without its comment, or None if nothing else is on it. A path in a comment is kept.

    Of what a command prints only the figures are returned: its words are in the reader's language.
    """
    if language in _OUTPUT and not line.startswith("$ "):
        return " ".join(_NUMBER.findall(line))
    if language not in _PROGRAMS or _PATH_IN_COMMENT.fullmatch(line):
        return line.rstrip()
    shown = _COMMENT.sub("", line).rstrip()
    return shown if shown or not line.strip() else None


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row)) - 1


def _resolved(links: Iterable[str], page: str) -> list[str]:
    """Return the paths that local links lead to, without their anchors; other addresses as they are."""
    folder = PurePosixPath(page).parent
    found = []
    for link in links:
        path = link.partition("#")[0]
        if re.match(r"https?:", link):
            found.append(link)
        elif path:
            parts: list[str] = []
            for part in (folder / path).parts:
                if part == "..":
                    parts.pop()
                else:
                    parts.append(part)
            found.append("/".join(parts))
        else:
            found.append(page)
    return found


def _targets(links: Iterable[str], page: str, translations: dict[str, str]) -> Counter[str]:
    """Count what links lead to, each page under its English name."""
    english = {chinese: name for name, chinese in translations.items()}
    return Counter(english.get(target, target) for target in _resolved(links, page))


def _lists_differ(place: str, one: Iterable[str], other: Iterable[str]) -> Iterator[str]:
    for left, right in zip_longest(one, other, fillvalue=""):
        for line, twin in zip_longest(left.splitlines(), right.splitlines(), fillvalue=""):
            if line != twin:
                yield f"{place}: {line!r} is {twin!r}"
                break


def _sets_differ(place: str, one: set[str], other: set[str]) -> Iterator[str]:
    for name in sorted(one ^ other):
        yield f"{place}: {name!r} is only in {'English' if name in one else 'Chinese'}"


def _counters_differ(place: str, one: Counter[str], other: Counter[str]) -> Iterator[str]:
    for name in sorted(one.keys() | other.keys()):
        if one[name] != other[name]:
            yield f"{place}: {name} is {one[name]} times in English, {other[name]} times in Chinese"


if __name__ == "__main__":
    main()
