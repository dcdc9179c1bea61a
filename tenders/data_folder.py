"""The data folder: where each file of the tool is, and the lock that lets one loader work at a time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from errno import EISDIR
from pathlib import Path

from filelock import FileLock

_FILE_SUFFIXES = {".duckdb", ".json", ".lock", ".generation", ".additions"}


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that ``--data`` names.

    ``published`` is for everybody. ``own`` is the same database for this tool alone, because a program that opens
    ``published`` for writing locks out all other readers of that file. With bases of others (``tenders pull``) ``own``
    has what this folder knows by itself, for crawls and monitoring, and ``merged`` is the copy of ``published``.
    """

    root: Path

    @property
    def private(self) -> Path:
        return self.root / "private"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def lexicon(self) -> Path:
        """The user's own words, which extend the shipped ones."""
        return self.root / "lexicon"

    @property
    def definitions(self) -> Path:
        """The user's own counting rules, in addition to the shipped ones."""
        return self.root / "definitions"

    @property
    def spool(self) -> Path:
        return self.private / "spool"

    @property
    def shares(self) -> Path:
        """What the machines of a distributed engine have read, until it is taken into archive and spool."""
        return self.private / "shares"

    @property
    def store(self) -> Path:
        return self.private / "store.duckdb"

    @property
    def reviewed(self) -> Path:
        """What people decided: the user's own file, which no command rebuilds."""
        return self.root / "labels" / "reviewed.jsonl"

    @property
    def made_up(self) -> Path:
        """Exists if the folder holds the demo: reports then say that nothing in them is real."""
        return self.private / "made-up"

    @property
    def published(self) -> Path:
        return self.root / "tenders.duckdb"

    @property
    def own(self) -> Path:
        return self.private / "published.duckdb"

    @property
    def mark(self) -> Path:
        return self.private / "published.generation"

    @property
    def bases(self) -> Path:
        """The data sets of others, as they were pulled."""
        return self.root / "bases"

    @property
    def prepared_bases(self) -> Path:
        """The same as databases; made again from ``bases`` if missing."""
        return self.private / "bases"

    @property
    def merged(self) -> Path:
        """What this folder knows together with its bases; missing without bases."""
        return self.private / "merged.duckdb"

    @property
    def added_mark(self) -> Path:
        """What the published databases have beside the tables of the store: own definitions, bases."""
        return self.private / "published.additions"

    @property
    def readable(self) -> Path:
        """The published database that this tool reads: its own copy, which no other program locks, if there is one."""
        return next((path for path in (self.merged, self.own) if path.exists()), self.published)

    @property
    def last_load(self) -> Path:
        """How the last load ended."""
        return self.private / "last_load.json"

    @property
    def metrics(self) -> Path:
        """The status for Prometheus."""
        return self.root / "metrics.prom"

    @property
    def rebuilding(self) -> Path:
        return self.private / "rebuild"

    @property
    def preview(self) -> Path:
        return self.private / "preview"

    def require_files(self) -> None:
        """Raise IsADirectoryError if a folder is in the place of one of the tool's own files.

        Nothing but a person can have put it there, and whatever needs the file would fail in its own way.
        """
        for folder in (self.root, self.private, self.private / "listed"):
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.suffix in _FILE_SUFFIXES and path.is_dir():
                    raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))

    def lock(self, timeout_seconds: float = -1) -> FileLock:
        """Return the loader's lock. By default it waits without limit; the system releases it when its holder dies."""
        self.private.mkdir(parents=True, exist_ok=True)
        return FileLock(self.private / "load.lock", timeout=timeout_seconds)
