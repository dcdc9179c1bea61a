"""Files of notices: made here, so that a crawl, a capture file and the archive give the same ones.

What ``pipelines`` cannot read by itself, because it starts no program, is read here: old Word files by ``antiword`` or
``catdoc``, if one of them is installed, and scans (``tenders.scans``).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.model import Attachment
from pipelines.pages.attached_files import MOST_FILE_BYTES, is_scan
from pipelines.pages.file_kinds import file_kind, has_macros
from tenders.scans import is_recognition_on, recognized_text

_PROGRAM_SECONDS = 8
_LONGEST_TEXT = 400_000  # characters
_LONGEST_NAME = 200
# Both read standard input and write UTF-8: antiword with every row of a table on one line, catdoc as words in lines.
_OLD_WORD_READERS = (("antiword", "-m", "UTF-8.txt", "-w", "0", "-"), ("catdoc", "-d", "utf-8", "-w", "-"))
_HAS_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")


def attachment_of(url: str, content_type: str, content: bytes, name: str = "") -> Attachment:
    """Return a file of a notice. Without a name, it has the one that its address shows."""
    name = (name.strip() or name_in(url))[:_LONGEST_NAME]
    return Attachment(name, url, content_type, content, _outside_text(content))


def name_in(url: str) -> str:
    """Return the file name that an address shows, in its path or in a parameter; '' if it shows none.

    >>> name_in("https://www.example.cn/f/%E7%BB%93%E6%9E%9C.pdf"), name_in("https://www.example.cn/get?name=a.xlsx")
    ('结果.pdf', 'a.xlsx')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    last = unquote(parts.path).rpartition("/")[2]
    values = [value.rpartition("/")[2] for _, value in parse_qsl(parts.query)]
    return next((name for name in (last, *values) if _HAS_ENDING.search(name)), last)


def _outside_text(content: bytes) -> str | None:
    """Return the text of a file that ``pipelines`` cannot read, if this computer can; None for any other file."""
    if len(content) > MOST_FILE_BYTES:
        return None
    if file_kind(content) == "old_word":
        return None if has_macros(content) else _old_word_text(content)
    return recognized_text(content) if is_recognition_on() and is_scan(content) else None


def _old_word_text(content: bytes) -> str | None:
    for program, *arguments in _OLD_WORD_READERS:
        path = shutil.which(program)
        if path is None:
            continue
        try:
            run = subprocess.run([path, *arguments], input=content, capture_output=True, timeout=_PROGRAM_SECONDS)
        except (OSError, subprocess.SubprocessError):
            continue
        text = run.stdout.decode("utf-8", "replace")[:_LONGEST_TEXT]
        if run.returncode == 0 and text.strip():
            # antiword draws the borders of tables: |1 |大模型平台 |
            return text
    return None
