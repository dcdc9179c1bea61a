"""The elements of a page that selectors ask for, from one walk through its tree.

Each search of a tree costs as much as a tenth of parsing the page, however little it finds, and a page is asked for its
container, summary, title, day and breadcrumb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from lxml import etree

from pipelines.text.html_text import select

# div#name, h2.class.class, span: a tag with an id or classes.
_STEP = re.compile(r"(?P<tag>[a-z][a-z0-9]*)(?:#(?P<id>[\w-]+))?(?P<classes>(?:\.[\w-]+)*)")
_NAME = re.compile(r"[.#]([\w-]+)")

Step = tuple[str, str | None, frozenset[str]]  # a tag, its id and its classes


class PageElements:
    """Finds elements by CSS selectors. ``selectors`` are all that will be asked for, ``tags`` the further tags."""

    def __init__(self, root: etree._Element, html: str, selectors: Iterable[str], tags: Iterable[str] = ()) -> None:
        self._root, self._html = root, html
        wanted = {*tags, *(steps[-1][0] for selector in selectors if (steps := _steps(selector)))}
        self._elements: dict[str, list[etree._Element]] = {tag: [] for tag in wanted}
        for element in root.iter(*wanted):
            self._elements[element.tag].append(element)
        self._named: dict[str, dict[str, list[etree._Element]]] = {}

    def of_tag(self, tag: str) -> list[etree._Element]:
        """Return all elements with one of the known tags, in the order of the page."""
        return self._elements[tag]

    def named(self, tag: str, name: str) -> list[etree._Element]:
        """Return the elements of a known tag that have this id or class, in the order of the page."""
        if tag not in self._named:
            self._named[tag] = {}
            for element in self._elements[tag]:
                names = (element.get("class") or "").split()
                for one in {element.get("id") or "", *names} - {""}:
                    self._named[tag].setdefault(one, []).append(element)
        return self._named[tag].get(name, [])

    def select(self, selector: str) -> list[etree._Element]:
        """Return the elements that one of the known CSS selectors finds, in the order of the page."""
        steps = _steps(selector)
        # To look for a word in the source is faster than to look at the elements.
        if not all(name in self._html for name in _names_in(selector)):
            return []
        return (
            [one for one in self._possible(steps[-1]) if _is_path(one, steps)]
            if steps
            else select(self._root, selector)
        )

    def _possible(self, step: Step) -> list[etree._Element]:
        """Return the elements that a step may ask for: one quick look at each rules out most of them."""
        tag, identity, classes = step
        if identity is not None:
            return [element for element in self._elements[tag] if element.get("id") == identity]
        if classes:
            name = next(iter(classes))
            return [element for element in self._elements[tag] if name in (element.get("class") or "")]
        return self._elements[tag]


@cache
def _steps(selector: str) -> tuple[Step, ...]:
    """Return the steps of a selector that asks for tags within tags, as in ``div.a table``; () for any other."""
    steps: list[Step] = []
    for part in selector.split():
        step = _STEP.fullmatch(part)
        if step is None:
            return ()
        steps.append((step["tag"], step["id"], frozenset(filter(None, step["classes"].split(".")))))
    return tuple(steps)


@cache
def _names_in(selector: str) -> tuple[str, ...]:
    """Return the classes and ids that an element must have for a CSS selector to find it, or that are around it."""
    return () if ":not" in selector or "," in selector else tuple(_NAME.findall(selector))


def _is_path(element: etree._Element, steps: tuple[Step, ...]) -> bool:
    """Return whether an element is what the last step asks for, within what the steps before it ask for."""
    if not _is_step(element, steps[-1]):
        return False
    left = len(steps) - 1
    for around in element.iterancestors() if left else ():
        if _is_step(around, steps[left - 1]):
            left -= 1
            if not left:
                break
    return not left


def _is_step(element: etree._Element, step: Step) -> bool:
    tag, identity, classes = step
    return (
        element.tag == tag
        and (identity is None or element.get("id") == identity)
        and (not classes or classes.issubset((element.get("class") or "").split()))
    )
