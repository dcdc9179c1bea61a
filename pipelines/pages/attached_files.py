"""Files that are attached to a notice, as the lines that follow its text. Pure, and guarded: any file may be hostile.

A file begins with the line ``附件：NAME``. A file that is not read has a second line that says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.common.time_limit import TooSlowError, time_limit
from pipelines.model import Attachment
from pipelines.pages.file_kinds import FileKind, file_kind, has_macros
from pipelines.pages.pdf_pages import count_pages, pdf_text
from pipelines.pages.unread_files import UnreadFileError
from pipelines.pages.word_files import docx_lines
from pipelines.pages.workbook_lines import workbook_lines
from pipelines.pages.zip_files import check_zip, packed_files, packed_names
from pipelines.text.characters import fold, squeeze
from pipelines.text.charsets import decode_text
from pipelines.text.document import from_text
from pipelines.text.html_text import html_to_text, parse_html

MOST_FILE_BYTES = 20 * 1024**2
# The files of one notice take at most so long together.
ATTACHMENTS_SECONDS = 16

_FILE_SECONDS = 8
_MOST_FILES = 5  # of a notice, and of a ZIP file
_MOST_NAMES = 40  # of a ZIP file that are listed
_MOST_PDF_PAGES = 300  # a longer file is a tender document or an attack
_READ_PDF_PAGES = 30
_LONGEST_NAME = 120
_FEWEST_PAGE_LETTERS = 10  # fewer per page: the pages are pictures
_OFFICE: frozenset[FileKind] = frozenset({"docx", "workbook", "old_word", "old_workbook"})


@dataclass(frozen=True, slots=True)
class AttachedText:
    """The lines of one file, without the line that names it.

    ``note`` says in Chinese why the file, or a part of it, was not read. ``problem`` says the same to the operator if
    the file was refused.
    """

    name: str
    text: str = ""
    note: str | None = None
    problem: str | None = None

    @property
    def head(self) -> str:
        """The line that names the file, and a line with the note."""
        return "\n".join(part for part in (f"附件：{self.name}", self.note) if part)


def read_attachments(attachments: Iterable[Attachment]) -> list[AttachedText]:
    """Return the text of each file of a notice. The files in a ZIP file come after it."""
    texts: list[AttachedText] = []
    try:
        with time_limit(ATTACHMENTS_SECONDS):
            for number, attachment in enumerate(attachments):
                if number >= _MOST_FILES:
                    texts.append(_unread(attachment.name, UnreadFileError("many")))
                elif attachment.text is not None:
                    texts.append(AttachedText(_plain_name(attachment.name), from_text(attachment.text)))
                else:
                    texts.extend(_read_file(attachment.name, attachment.content, inside=False))
    except TooSlowError:
        texts.append(_unread("其余附件", UnreadFileError("slow")))
    return texts


def is_scan(content: bytes) -> bool:
    """Return whether a file can be read by character recognition only: it is a picture, or a PDF file of pictures."""
    kind = file_kind(content)
    if kind != "pdf" or len(content) > MOST_FILE_BYTES:
        return kind == "image"
    try:
        _pdf_lines(content)
    except UnreadFileError as error:
        return error.reason == "scanned"
    return False


def _read_file(name: str, content: bytes, *, inside: bool) -> Iterator[AttachedText]:
    """Yield the text of a file and of those in it. ``inside``: it is in a ZIP file itself."""
    try:
        with time_limit(_FILE_SECONDS):
            kind = file_kind(content)
            if kind == "zip" and not inside:
                texts = list(_read_zip(name, content))
            else:
                texts = [AttachedText(_plain_name(name), from_text("\n".join(_file_lines(kind, content))))]
    except UnreadFileError as error:
        texts = [_unread(name, error)]
    except TooSlowError:
        texts = [_unread(name, UnreadFileError("slow"))]
    except Exception:  # noqa: BLE001 - a hostile file may break any library; the notice is read without it
        texts = [_unread(name, UnreadFileError("damaged"))]
    yield from texts


def _read_zip(name: str, content: bytes) -> Iterator[AttachedText]:
    names = packed_names(content)
    yield AttachedText(_plain_name(name), "\n".join(map(_plain_name, names[:_MOST_NAMES])))
    for file in packed_files(content, _MOST_FILES):
        yield from _read_file(file.name, file.content, inside=True)


def _file_lines(kind: FileKind, content: bytes) -> list[str]:
    """Return the lines of a file of this kind. Raises UnreadFileError, and whatever a hostile file breaks."""
    if not content:
        raise UnreadFileError("damaged")
    if len(content) > MOST_FILE_BYTES:
        raise UnreadFileError("size")
    if kind in _OFFICE and has_macros(content):
        raise UnreadFileError("macros")
    match kind:
        case "pdf":
            return _pdf_lines(content)
        case "docx":
            check_zip(content)
            return docx_lines(content)
        case "workbook":
            check_zip(content)
            return workbook_lines(content)
        case "old_workbook":
            return workbook_lines(content)
        case "html":
            root = parse_html(decode_text(content))
            return html_to_text(root).split("\n") if root is not None else []
        case "text":
            return decode_text(content).splitlines()
        case "encrypted":
            raise UnreadFileError("encrypted")
        case "image":
            raise UnreadFileError("scanned")
        case "old_word":
            raise UnreadFileError("old_word")
        case "rar" | "zip":
            raise UnreadFileError("packed")
        case _:
            raise UnreadFileError("other")


def _pdf_lines(content: bytes) -> list[str]:
    pages = count_pages(content)
    if pages > _MOST_PDF_PAGES:
        raise UnreadFileError("pages")
    text = pdf_text(content, _READ_PDF_PAGES)
    if len("".join(text.split())) < _FEWEST_PAGE_LETTERS * min(pages, _READ_PDF_PAGES):
        raise UnreadFileError("scanned")
    return text.split("\n")


def _unread(name: str, error: UnreadFileError) -> AttachedText:
    plain = _plain_name(name)
    problem = f"the attachment {plain} was not read: {error}" if error.is_refused else None
    return AttachedText(plain, "", f"（附件未读取：{error.words}）", problem)


def _plain_name(name: str) -> str:
    return squeeze(fold(name))[:_LONGEST_NAME] or "未命名"
