"""A page becomes lines: HTML, JSON, PDF and plain text, without network and without knowledge of any portal."""

from __future__ import annotations

from pipelines.pages.parse import parse_page
from pipelines.pages.refused_pages import NoNoticeError

__all__ = ["NoNoticeError", "parse_page"]
