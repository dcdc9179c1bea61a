"""Character recognition of scanned pages, with the extra ``tenders[ocr]``. Off unless ``TENDERS_OCR=1`` is set."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

logger = logging.getLogger(__name__)

_MOST_PAGES = 10
_SCALE = 2.5  # pixels per point: 180 dpi
_MOST_PIXELS = 40_000_000  # of a picture; a larger one is no page


def is_recognition_on() -> bool:
    """Return whether scans are to be read: it was asked for, and the extra is installed."""
    return os.environ.get("TENDERS_OCR") == "1" and _engine() is not None


def recognized_text(content: bytes) -> str | None:
    """Return the text of a picture, or of the first ten pages of a PDF file of pictures; None if there is none.

    Words that stand on one line are separated by tabs, as the cells of a table.
    """
    engine = _engine()
    if engine is None:
        return None
    try:
        lines = [line for image in _images(content) for line in _lines(engine(image))]
    except Exception as error:  # noqa: BLE001 - a hostile picture may break any library; the file stays unread
        logger.warning("a scan could not be read: %s", type(error).__name__)
        return None
    return "\n".join(lines) or None


@cache
def _engine() -> Any:
    """Return the recogniser, which takes seconds to load; None if it is not installed."""
    try:
        from rapidocr import RapidOCR
    except ImportError:
        logger.warning("TENDERS_OCR is set, but scans are not read: install tenders[ocr]")
        return None
    return RapidOCR()


def _images(content: bytes) -> Iterator[Any]:
    """Yield the pages of a file as arrays of pixels."""
    if b"%PDF-" not in content[:1024]:
        from PIL import Image

        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height <= _MOST_PIXELS:
                import numpy as np

                yield np.asarray(image.convert("RGB"))
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            page = document[number]
            if page.get_width() * page.get_height() * _SCALE**2 <= _MOST_PIXELS:
                yield page.render(scale=_SCALE).to_numpy()
    finally:
        document.close()


def _lines(result: Any) -> Iterator[str]:
    """Yield the recognised lines from top to bottom, their words from left to right."""
    if result.boxes is None or result.txts is None:
        return
    words = []
    for box, text in zip(result.boxes, result.txts, strict=True):
        tops, lefts = [float(corner[1]) for corner in box], [float(corner[0]) for corner in box]
        words.append(((min(tops) + max(tops)) / 2, max(tops) - min(tops), min(lefts), str(text)))
    words.sort()
    line: list[tuple[float, float, float, str]] = []
    for word in words:
        if line and word[0] - line[0][0] > 0.5 * max(line[0][1], word[1]):
            yield _joined(line)
            line = []
        line.append(word)
    if line:
        yield _joined(line)


def _joined(line: list[tuple[float, float, float, str]]) -> str:
    return "\t".join(text for _, _, _, text in sorted(line, key=lambda word: word[2]))
