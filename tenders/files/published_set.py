"""A published data set of anybody, from a folder, a zip file or the web, checked before anything of it is used."""

from __future__ import annotations

import shutil
import socket
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, getproxies, proxy_bypass

import orjson

from tenders.files import checksums

MANIFEST = "manifest.json"
_NEEDED_KEYS = {"version", "schema_version", "licence", "since", "until", "months", "tables"}
_MOST_BYTES = 8 << 30  # of all files together
_LONGEST_LIST = 64 << 20
_TIMEOUT_SECONDS = 60
_CHUNK_BYTES = 1 << 20
_NO_FILTER: Callable[[str], bool] = lambda path: True  # noqa: E731


class PublishedSetError(ValueError):
    """The source is no published data set that can be used, or a damaged one. The message says why, in one line."""


@contextmanager
def open_set(
    source: str, format: int, wanted: Callable[[str], bool] = _NO_FILTER
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a folder with the checked files of a data set, and its manifest.

    ``source`` is a folder, a zip file or an address (http, https). ``format`` is the version of the format that the
    caller reads. ``wanted`` tells the paths that the caller needs; others are neither fetched nor checked. Raises
    PublishedSetError.
    """
    try:
        if "://" in source:
            with tempfile.TemporaryDirectory(prefix="tenders-set-") as folder:
                _fetch(source, Path(folder), wanted)
                yield Path(folder), _checked(Path(folder), source, format, wanted)
        elif Path(source).is_file():
            with tempfile.TemporaryDirectory(prefix="tenders-set-") as folder:
                _unzip(Path(source), Path(folder), wanted)
                yield Path(folder), _checked(Path(folder), source, format, wanted)
        elif Path(source).is_dir():
            yield Path(source), _checked(Path(source), source, format, wanted)
        else:
            raise PublishedSetError(f"{source}: there is no such folder or file; give a folder, a .zip or an address")
    except checksums.ChecksumError as error:
        raise PublishedSetError(f"{source}: {error}") from None


def _checked(folder: Path, source: str, format: int, wanted: Callable[[str], bool]) -> dict[str, Any]:
    """Check the files of a set and return its manifest."""
    digests = _read_list(folder / checksums.FILE_NAME, source)
    checksums.check(folder, {path: digest for path, digest in digests.items() if path == MANIFEST or wanted(path)})
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        written_in = manifest["format"]
        if written_in == format and not _NEEDED_KEYS.issubset(manifest):
            raise KeyError
    except (OSError, ValueError, KeyError, TypeError):
        raise PublishedSetError(f"{source}: {MANIFEST} is not that of a published data set") from None
    if written_in != format:
        raise PublishedSetError(f"{source}: has format {written_in}, this version of tenders reads format {format}")
    return cast("dict[str, Any]", manifest)


def _read_list(path: Path, source: str) -> dict[str, str]:
    try:
        digests = checksums.read(path.read_text("utf-8"))
    except FileNotFoundError:
        raise PublishedSetError(f"{source}: is no published data set: it has no {checksums.FILE_NAME}") from None
    except (OSError, UnicodeDecodeError):
        raise PublishedSetError(f"{source}: {checksums.FILE_NAME} cannot be read") from None
    if MANIFEST not in digests:
        raise PublishedSetError(f"{source}: is no published data set: {checksums.FILE_NAME} does not list {MANIFEST}")
    return digests


def _unzip(path: Path, folder: Path, wanted: Callable[[str], bool]) -> None:
    """Unpack the listed files of a zip file. The set may be in one folder of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                info.filename for info in archive.infolist() if PurePosixPath(info.filename).name == checksums.FILE_NAME
            ]
            if not names:
                raise PublishedSetError(f"{path}: is no published data set: it has no {checksums.FILE_NAME}")
            listed = min(names, key=len)
            prefix = listed.removesuffix(checksums.FILE_NAME)
            left = _MOST_BYTES
            with archive.open(listed) as file:
                _copy(file, folder / checksums.FILE_NAME, _LONGEST_LIST, listed)
            for name in _read_list(folder / checksums.FILE_NAME, str(path)):
                if name == MANIFEST or wanted(name):
                    with archive.open(prefix + name) as file:
                        left -= _copy(file, folder / name, left, name)
    except KeyError as error:
        raise PublishedSetError(f"{path}: a listed file is missing: {str(error).strip(chr(34))}") from None
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
        raise PublishedSetError(f"{path}: is no zip file, or a damaged one: {error}") from None


class _WebRedirects(HTTPRedirectHandler):
    """Follows a redirect only to http and https, and to no address that the source may not have."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise URLError(f"redirected to {newurl}")
        _require_public(newurl, loopback=self._loopback)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_public(address: str, *, loopback: bool) -> None:
    """Raise URLError if an address leads into a private network: a set from the web is no way into it.

    ``loopback``: this machine itself is allowed, because the user named it. A proxy decides by itself.
    """
    parts = urlsplit(address)
    if parts.scheme in getproxies() and not proxy_bypass(parts.hostname or ""):
        return
    for *_, place in socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM):
        ip = ip_address(str(place[0]).partition("%")[0])
        if not (ip.is_global or (loopback and ip.is_loopback)):
            raise URLError(f"{parts.hostname} is an address of a private network")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _fetch(source: str, folder: Path, wanted: Callable[[str], bool]) -> None:
    """Fetch the listed files of a set from the web, one after the other."""
    address = urlsplit(source)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise PublishedSetError(f"{source}: give an address that begins with https:// or http://")
    if address.path.endswith(".zip"):
        _get(source, folder / "set.zip", _MOST_BYTES)
        _unzip(folder / "set.zip", folder, wanted)
        (folder / "set.zip").unlink()
        return
    base = source.removesuffix("index.html").rstrip("/")
    _get(f"{base}/{checksums.FILE_NAME}", folder / checksums.FILE_NAME, _LONGEST_LIST)
    left = _MOST_BYTES
    for name in _read_list(folder / checksums.FILE_NAME, source):
        if name == MANIFEST or wanted(name):
            left -= _get(f"{base}/{quote(name)}", folder / name, left)


def _get(address: str, target: Path, most_bytes: int) -> int:
    try:
        loopback = _is_loopback(urlsplit(address).hostname or "")
        _require_public(address, loopback=loopback)
        opener = build_opener(_WebRedirects(loopback=loopback))
        with opener.open(Request(address), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - http(s) only
            return _copy(answer, target, most_bytes, address)
    except (OSError, ValueError) as error:
        if isinstance(error, PublishedSetError):
            raise
        raise PublishedSetError(f"{address}: cannot be fetched: {getattr(error, 'reason', error)}") from None


def _copy(file: IO[bytes], target: Path, most_bytes: int, name: str) -> int:
    """Write what ``file`` holds to ``target`` and return its size. Raises PublishedSetError if it is larger."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with target.open("wb") as out:
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > most_bytes:
                raise PublishedSetError(f"{name}: is larger than a published data set may be")
            out.write(chunk)
    return size


def copy_files(source: Path, target: Path, wanted: Callable[[str], bool]) -> None:
    """Copy the wanted files of a checked set, with the manifest and a list of their checksums."""
    digests = checksums.read((source / checksums.FILE_NAME).read_text("utf-8"))
    kept = {path: digest for path, digest in digests.items() if path == MANIFEST or wanted(path)}
    for path in kept:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, target / path)
    (target / checksums.FILE_NAME).write_text(checksums.text_of(kept), "utf-8")
