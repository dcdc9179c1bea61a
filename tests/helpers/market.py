"""Hand-made stores for the tests of `analysis`: a notice in one call, the published tables in another."""

from __future__ import annotations

import itertools
import re
import weakref
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import orjson

from analysis.warehouse.publish import build, build_awards
from pipelines.common.clock import SHANGHAI
from pipelines.common.rows import dict_rows
from tests.paths import ROOT

_numbers = itertools.count()

SCHEMA = ROOT / "pipelines" / "storage" / "schema.sql"


def at(day: str) -> datetime:
    """``2025-07-01`` or ``2025-07-01 09:30`` in Shanghai."""
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def key(text: str | None) -> str | None:
    """A stand-in for the keys of pipelines.storage.keys: enough for hand-made names."""
    return re.sub(r"[\s（）()\-]", "", text).upper() or None if text else None


def lot(
    amount: str | None = None,
    *suppliers: str,
    no: int = 1,
    name: str | None = None,
    numbered: bool = False,
    large: bool | None = None,
    amount_kind: str | None = None,
    failed: bool = False,
    role: str | None = None,
    own: list[str | None] | None = None,
    tax_included: bool | None = None,
    vendors: dict[str, str] | None = None,
) -> dict[str, Any]:
    """One lot with its winners; ``own`` are the suppliers' own prices (a candidate's quote), ``large`` is as its notice."""
    role_of = [role or ("sole" if len(suppliers) == 1 else "consortium_lead" if i == 0 else "consortium_member")
               for i in range(len(suppliers))]  # fmt: skip
    return {
        "lot_no": no, "lot_name": name, "lot_key": key(name), "amount_yuan": amount, "tax_included": tax_included,
        "amount_kind": amount_kind or ("total" if amount else "undisclosed"), "amount_text": amount,
        "is_large_model": large, "failed": failed, "numbered": numbered,
        "winners": [
            {"seq": i + 1, "position": i + 1, "supplier": s, "supplier_key": key(s), "vendor": (vendors or {}).get(s),
             "role": role_of[i], "share_pct": None, "amount_yuan": own[i] if own else None}
            for i, s in enumerate(suppliers)
        ],
    }  # fmt: skip


def candidates(*pairs: tuple[str, str | None], no: int = 1, **more: Any) -> dict[str, Any]:
    """A lot of a candidate notice: suppliers in rank order, each with its quote."""
    made = lot(None, *(s for s, _ in pairs), no=no, role="candidate", own=[q for _, q in pairs], **more)
    made["amount_kind"] = "undisclosed"
    return made


def own_store() -> duckdb.DuckDBPyConnection:
    """Return a store in memory with everything that a first build creates, and no notice.

    It is a DuckDB of its own, for what opens cursors: those of ``_ready_store`` forget which market they belong to.
    """
    store = duckdb.connect()
    store.execute("SET threads = 1")
    store.execute("SET TimeZone = 'Asia/Shanghai'")
    store.execute(f"ATTACH '{_template()}' AS template (READ_ONLY)")
    store.execute("COPY FROM DATABASE template TO memory")
    store.execute("DETACH template")
    return store


def _ready_store() -> duckdb.DuckDBPyConnection:
    """Return such a store as a database of an instance that all markets share, which takes a quarter of the time."""
    name = f"market_{next(_numbers)}"
    store = _shared_instance().cursor()
    store.execute("SET TimeZone = 'Asia/Shanghai'")
    store.execute(f"ATTACH ':memory:' AS {name}")
    store.execute(f"COPY FROM DATABASE template TO {name}")
    store.execute(f"USE {name}")
    return store


def _forget(store: duckdb.DuckDBPyConnection, name: str) -> None:
    """Give back the memory of a market that no test holds any more."""
    store.close()
    if name.startswith("market_"):
        _shared_instance().execute(f"DETACH DATABASE IF EXISTS {name}")


@cache
def _shared_instance() -> duckdb.DuckDBPyConnection:
    instance = duckdb.connect()
    instance.execute("SET threads = 1")
    instance.execute(f"ATTACH '{_template()}' AS template (READ_ONLY)")
    return instance


@cache
def _template() -> Path:
    path = Path(_template_folder().name) / "template.duckdb"
    with duckdb.connect(str(path)) as store:
        store.execute("SET TimeZone = 'Asia/Shanghai'")
        store.execute(SCHEMA.read_text(encoding="utf-8"))
        Market(store).publish()
    return path


@cache
def _template_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="tenders-market-")


@dataclass
class Market:
    """A private store in memory. Notices are given one by one, in any order; ``publish`` builds the public tables."""

    store: duckdb.DuckDBPyConnection = field(default_factory=_ready_store)
    made: int = 0
    _known: set[str] = field(default_factory=set)
    _waiting: dict[tuple[str, tuple[str, ...]], list[list[Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        [(name,)] = self.store.execute("SELECT current_database()").fetchall()
        weakref.finalize(self, _forget, self.store, name)

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The store with all rows that were given. They are inserted together, because each statement takes long."""
        for (table, names), rows in self._waiting.items():
            marks = ", ".join("?" * len(names))
            self.store.executemany(f"INSERT INTO private.{table} ({', '.join(names)}) VALUES ({marks})", rows)
        self._waiting.clear()
        return self.store

    def notice(self, notice_key: str, kind: str = "award", on: str | None = "2025-07-01", *lots: dict[str, Any],
               seen: str | None = None, number: str | None = None, name: str | None = None, buyer: str | None = None,
               large: bool = True, cancels: bool = False, title: str | None = None, version: str = "",
               replaces: list[str] | None = None, **more: Any) -> str:  # fmt: skip
        """Adds one observation of one version of a notice and returns its key.

        ``seen`` defaults to the day ``on``. ``replaces`` are the words by which it replaces or corrects a result.
        """
        self.made += 1
        portal, _, own_id = notice_key.partition(":")
        content_hash = f"{notice_key}/{version}"
        row: dict[str, Any] = {
            "content_hash": content_hash, "notice_key": notice_key, "portal": portal, "notice_id": own_id,
            "url": f"https://{portal}.example/{own_id}", "kind": kind, "title": title or f"{name or ''}公告", "published_on": on,
            "project_number": number, "project_name": name, "buyer": buyer, "agency": None, "province": None,
            "body": "", "cancels_result": cancels, "is_large_model": large, "relevance": 0.9 if large else 0.1,
            "project_type": "application" if large else None, "project_type_second": None, "sector": "government",
            "subsector": None,
            "evidence": orjson.dumps({"replaces_result": replaces} if replaces else {}).decode(), "project_number_key": key(number), "project_name_key": key(name),
            "buyer_key": key(buyer), **more,
        }  # fmt: skip
        if content_hash not in self._known:
            self._known.add(content_hash)
            self.insert("contents", [row | {"first_seen_at": at("2020-01-01"), "page_key": content_hash, "seq": 0}])
            for seq, given in enumerate(lots, 1):
                own = {"content_hash": content_hash, "lot_seq": seq, "lot_no": given["lot_no"]}
                if given["is_large_model"] is None:
                    own["is_large_model"] = large
                self.insert("content_lots", [{k: v for k, v in given.items() if k != "winners"} | own])
                self.insert(
                    "content_winners",
                    [w | {k: own[k] for k in ("content_hash", "lot_seq", "lot_no")} for w in given["winners"]],
                )
        self.see(notice_key, seen or f"{on} 12:00", version)
        return notice_key

    def see(self, notice_key: str, seen: str, version: str = "") -> None:
        """One more sighting of a version that is already there."""
        row = {"notice_key": notice_key, "seen_at": at(seen), "content_hash": f"{notice_key}/{version}"}
        self.insert("observations", [row])

    def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self._waiting.setdefault((table, tuple(row)), []).append(list(row.values()))

    def resolve(self) -> Market:
        """Build the notices and awards only, which takes less than all that the views need."""
        self.con.execute("BEGIN")
        build_awards(self.con)
        self.con.execute("COMMIT")
        return self

    def publish(self, changed: set[str] | None = None) -> Market:
        self.con.execute("BEGIN")
        build(self.con, changed)
        self.con.execute("COMMIT")
        return self

    def save(self, path: Path) -> Path:
        """Write the whole store to a database file."""
        [(name,)] = self.con.execute("SELECT current_database()").fetchall()
        self.con.execute(f"ATTACH '{path}' AS written; COPY FROM DATABASE {name} TO written; DETACH written")
        return path

    def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        return _rows(self.con, sql, args)

    def awards(self, columns: str = "*") -> list[dict[str, Any]]:
        """The published awards in order of date, the evidence read."""
        rows = _rows(self.con, f"SELECT {columns} FROM awards ORDER BY awarded_on, project_number, award_key", ())
        for row in rows:
            if isinstance(row.get("evidence"), str):
                row["evidence"] = orjson.loads(row["evidence"])
        return rows

    def only_award(self) -> dict[str, Any]:
        awards = self.resolve().awards()
        assert len(awards) == 1, [(award["project_name"], award["notice_keys"]) for award in awards]
        return awards[0]


def _rows(con: duckdb.DuckDBPyConnection, sql: str, args: tuple[Any, ...]) -> list[dict[str, Any]]:
    return list(dict_rows(con.execute(sql, list(args))))


def yuan(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def day(text: str) -> date:
    return date.fromisoformat(text)
