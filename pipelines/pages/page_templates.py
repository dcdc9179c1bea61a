"""Where the notice is on pages of widespread software, for pages of portals that no descriptor describes.

The templates are data: ``page_templates.toml`` beside this module.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path

from pydantic import Field

from pipelines.common.validation import StrictModel, Tuple, read_toml, validate
from pipelines.model import Locator
from pipelines.pages.notice_place import Name, NoticePlace

_FILE = Path(__file__).with_suffix(".toml")


class PageTemplate(StrictModel):
    """The pages of one content management system or interface."""

    name: Name = Field(description="the software, or the site that it was first seen on")
    example: Name = Field(description="the address of a page, or the start of a JSON answer, that has this form")
    notice: NoticePlace


class PageTemplates(StrictModel):
    """All templates, in the order in which their places are tried."""

    template: Tuple[PageTemplate] = Field(min_length=1)


@cache
def page_templates() -> tuple[PageTemplate, ...]:
    """Return all templates. Raises InvalidDataError if the file is wrong."""
    source = f"pipelines/pages/{_FILE.name}"
    return validate(PageTemplates, read_toml(_FILE, source), source).template


@cache
def template_locator() -> Locator:
    """Return the places of all templates as one locator."""
    locators = [template.notice.locator() for template in page_templates()]
    return Locator(
        **{
            field.name: tuple(chain.from_iterable(getattr(locator, field.name) for locator in locators))
            for field in fields(Locator)
        }
    )


def complete_locator(locator: Locator) -> Locator:
    """Return a portal's locator, with the places of the templates for each field that it leaves empty."""
    general = template_locator()
    return Locator(
        **{field.name: getattr(locator, field.name) or getattr(general, field.name) for field in fields(Locator)}
    )
