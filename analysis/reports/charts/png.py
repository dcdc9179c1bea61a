"""Pictures as PNG files, drawn by resvg (Rust) with the fonts of this machine."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path

import resvg_py

from analysis.reports.charts.pictures import FONTS

_PIXELS = 2400  # wide: sharp in print, and over the whole width of a slide
_WIDTH_METRES = 0.159  # on paper: the text of an A4 page; Word and PowerPoint begin with this size
_HEADER_END = 33  # of a PNG file: its signature and its first chunk
# Under WSL the fonts of Windows are not among those of the system.
_WINDOWS_FONTS = tuple(Path("/mnt/c/Windows/Fonts") / name for name in ("msyh.ttc", "msyhbd.ttc"))
_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    '<text y="16" font-size="16" font-family="{font}">采</text></svg>'
)


class NoChineseFontError(ValueError):
    """No font with Chinese characters is installed. The message says what to install."""


def png(svg: str) -> bytes:
    """Return a picture as the bytes of a PNG file. Raises :class:`NoChineseFontError`."""
    if chinese_font() is None:
        raise NoChineseFontError(
            "PNG pictures need a font with Chinese characters: install one (Debian, Ubuntu: apt install "
            "fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts), or write --format svg"
        )
    return _with_size(_drawn(svg, width=_PIXELS))


@cache
def chinese_font() -> str | None:
    """Return the first of the fonts that pictures ask for that is installed, None if there is none.

    resvg draws nothing in a font that it does not find, so the picture of a character says whether there is one.
    """
    nothing = _drawn(_PROBE.format(font="No such font"))
    return next((font for font in FONTS if _drawn(_PROBE.format(font=font)) != nothing), None)


def _drawn(svg: str, width: int | None = None) -> bytes:
    files = [str(file) for file in _WINDOWS_FONTS if file.exists()]
    return resvg_py.svg_to_bytes(svg_string=svg, width=width, font_files=files or None)


def _with_size(drawing: bytes) -> bytes:
    """Return a PNG file that says how large it is on paper (its chunk pHYs, pixels per metre)."""
    density = round(_PIXELS / _WIDTH_METRES)
    body = b"pHYs" + struct.pack(">IIB", density, density, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return drawing[:_HEADER_END] + chunk + drawing[_HEADER_END:]
