"""Which files of a notice must be fetched to know its result. A notice that says its result by itself needs none."""

from __future__ import annotations

from urllib.parse import unquote

from pipelines.extract.open_results import is_other_file, is_result_file, is_result_open, points_to_files
from pipelines.model import Page
from pipelines.pages.file_links import FileLink, file_links
from pipelines.process import process


def needed_files(page: Page) -> list[FileLink]:
    """Return the files to fetch, the most promising first; none if the page says the result, or links to no file.

    A file is needed if its name says that a result is in it, or if the notice says that something is in a file. Files
    whose name says that they are something else are never needed. Pure, and never raises.
    """
    links = [link for link in file_links(page) if not is_other_file(_names(link))]
    if not links:
        return []
    notices = process(page).notices
    if not notices or not is_result_open(notices[0]):
        return []
    named = [link for link in links if is_result_file(_names(link))]
    others = [link for link in links if link not in named] if points_to_files(notices[0].body) else []
    return [*named, *others]


def _names(link: FileLink) -> str:
    return f"{link.name} {unquote(link.url).rpartition('/')[2]}"
