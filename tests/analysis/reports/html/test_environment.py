"""What every template can rely on: hostile text stays text, and a missing value is an error."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from analysis.reports.html.environment import page_environment
from tests.helpers import report_world

_MACROS = '{% from "macros.html" import awards_link, notice_name, row, web_link with context %}'


def written(template: str, language: str = "zh", **values: object) -> str:
    environment = page_environment("en" if language == "en" else "zh")
    return environment.from_string(_MACROS + template).render(values)


@pytest.mark.parametrize("text", report_world.HOSTILE)
@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}",
        '<i title="{{ text }}">x</i>',
        "{{ notice_name(text) }}",
        "{{ awards_link(text, vendor=text) }}",
        '{{ web_link("https://ccgp.example", text) }}',
        "{{ web_link(text, text) }}",
        '{{ row([(text, "n"), (text, text)], [text, text], card=true) }}',
    ],
)
def test_hostile_text_cannot_open_a_tag_leave_an_attribute_or_turn_a_line(template: str, text: str) -> None:
    shown = written(template, text=text)
    for harm in ("<script", "</script", "<img", '" onclick', "\u2028", "\u202e"):
        assert harm not in shown


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", 'https://a.example/"onclick="x', None]
)
def test_only_pages_of_the_web_become_links(address: str | None) -> None:
    assert written('{{ web_link(address, "label") }}', address=address) == "label"


def test_a_value_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        written("{{ nothing }}")


def test_markup_passes_and_none_is_empty() -> None:
    assert written("{{ drawing }}{{ nothing }}", drawing=Markup("<svg/>"), nothing=None) == "<svg/>"


def test_only_an_english_page_marks_chinese_names() -> None:
    assert written('{{ notice_name("某局") }}') == "某局"
    assert written('{{ notice_name("某局") }}', "en") == '<span lang="zh-CN">某局</span>'
    assert written('{{ notice_name("Bureau") }}', "en") == "Bureau"
