"""How charts look: the style of the page, and the same rules written into a picture.

Word, PowerPoint and most programs that read SVG files know neither variables nor all selectors of CSS. In a picture
every element therefore carries its own colours and sizes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

_RULE = re.compile(r"([^{}]++)\{([^{}]*+)\}")
_COMMENT = re.compile(r"/\*[^*]*+\*/")
_VARIABLE = re.compile(r"var\((--[\w-]++)\)")
_Selector = Callable[[etree._Element], list[etree._Element]]
_ATTRIBUTES = frozenset({"fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor"})


def style() -> str:
    """Return the rules that the page has before its own: the colours, and the parts of charts."""
    return _file("look.css")


def write_into(picture: etree._Element) -> None:
    """Give every element of a picture the attributes that the rules say, and take its classes away.

    Of two rules for one attribute the later one wins.
    """
    for matches, attributes in _rules():
        for element in matches(picture):
            element.attrib.update(list(attributes.items()))
    etree.strip_attributes(picture, "class")


@cache
def _rules() -> list[tuple[_Selector, dict[str, str]]]:
    """Return the rules for pictures with their attributes, the variables replaced by the light colours."""
    blocks = _RULE.findall(_COMMENT.sub("", _file("look.css") + _file("picture.css")))
    colours = {name: value for selector, body in blocks if selector.strip() == ":root" for name, value in _pairs(body)}
    rules: list[tuple[_Selector, dict[str, str]]] = []
    for selector, body in blocks:
        attributes = {
            name: _VARIABLE.sub(lambda variable: colours[variable[1]], value)
            for name, value in _pairs(body)
            if name in _ATTRIBUTES
        }
        if attributes:
            rules.append((cast(_Selector, CSSSelector(selector.strip())), attributes))
    return rules


def _pairs(body: str) -> list[tuple[str, str]]:
    """Return the names and values of a rule's declarations."""
    declarations = (declaration.partition(":") for declaration in body.split(";"))
    return [(name.strip(), value.strip()) for name, colon, value in declarations if colon]


def _file(name: str) -> str:
    return (resources.files("analysis.reports.charts") / name).read_text(encoding="utf-8")
