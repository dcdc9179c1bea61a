"""The published copy: a new one, or an earlier one with what changed. Readers never see a file change."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.common.open_files import is_open_or_linked
from pipelines.storage import published_copy, store
from tests.helpers.storing import rows

pytestmark = pytest.mark.new_store

TABLES = ("notices", "awards", "crawls")
BUILT = ("notices", "awards")


class World:
    """A store with three public tables that loads change, and the two files that show them."""

    def __init__(self, folder: Path) -> None:
        self.con = store.open_store(folder / "store.duckdb")
        self.con.execute("CREATE TABLE notices (notice_key VARCHAR, version INTEGER)")
        self.con.execute("CREATE TABLE awards (award_key VARCHAR, names VARCHAR[])")
        self.con.execute("CREATE TABLE crawls (crawl_id VARCHAR, listed INTEGER)")
        self.con.execute("CREATE VIEW monthly AS SELECT count(*) AS awards FROM awards")
        self.target, self.own, self.mark = folder / "tenders.duckdb", folder / "own.duckdb", folder / "mark"
        self.spare, self.folder = folder / "published.spare.duckdb", folder
        self.new_copies = 0

    def load(self, *changes: str, everything: bool = False) -> None:
        """Give notice ``a3`` one version more, and award ``w3`` another name; ``-a3`` removes them."""
        for change in changes:
            number = int(change.lstrip("-a"))
            found = store.scalar(
                self.con, f"SELECT coalesce(max(version), 0) FROM notices WHERE notice_key = 'a{number}'"
            )
            self.con.execute(f"DELETE FROM awards WHERE award_key = 'w{number}'")
            if change.startswith("-"):
                self.con.execute(f"DELETE FROM notices WHERE notice_key = 'a{number}'")
            else:
                self.con.execute(f"INSERT INTO notices VALUES ('a{number}', {found + 1})")
                self.con.execute(f"INSERT INTO awards VALUES ('w{number}', ['{found}', NULL])")
        keys = [change.lstrip("-") for change in changes]
        self.con.execute("UPDATE private.loads SET merged = merged + 1")
        store.note_built(self.con, None if everything else {*keys, *(key.replace("a", "w") for key in keys)})

    def crawl(self, listed: int) -> None:
        self.con.execute("INSERT INTO crawls VALUES ('c', ?)", [listed])

    def publish(self, **options: Any) -> None:
        targets = [self.own, self.target]
        published_copy.publish(self.con, TABLES, targets, self.mark, built=BUILT, **options)
        assert published_copy.is_published(self.con, targets, self.mark)

    def expected(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: self.con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in sorted(TABLES)}

    def shown(self, path: Path) -> dict[str, list[tuple[Any, ...]]]:
        return {name: sorted(found, key=repr) for name, found in rows(path).items()}

    def assert_published(self) -> None:
        expected = {name: sorted(found, key=repr) for name, found in self.expected().items()}
        assert self.shown(self.own) == expected
        assert self.shown(self.target) == expected
        if self.spare.exists():
            assert self.shown(self.spare) == expected


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Forty notices and awards, published; with more than three rows a table is a long one."""
    monkeypatch.setattr(published_copy, "LONG_TABLE", 3)
    made = World(tmp_path)
    write_new = published_copy._write_new

    def counted(*arguments: Any) -> None:
        made.new_copies += 1
        write_new(*arguments)

    monkeypatch.setattr(published_copy, "_write_new", counted)
    made.load(*(f"a{number}" for number in range(40)), everything=True)
    made.publish()
    return made


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_loads_published_one_by_one_show_what_a_new_copy_shows(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(8):
        for _ in range(chance.choice((1, 1, 2))):  # a load may not be published, because it was killed
            world.load(chance.choice(("a{}", "a{}", "-a{}")).format(chance.randrange(42)))
        if chance.random() < 0.5:
            world.crawl(step)
        if chance.random() < 0.3:
            world.spare.unlink(missing_ok=True)
        world.publish()
        world.assert_published()
    assert world.new_copies == 1
    with duckdb.connect(str(world.target), read_only=True) as con:
        assert con.execute("FROM monthly").fetchall() == [(len(world.expected()["awards"]),)]


def test_short_tables_stay_in_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.load("a3")
    monkeypatch.setattr(published_copy, "LONG_TABLE", 40)  # only notices are long now
    world.load("a1")
    for listed in (3, 1, 2):
        world.crawl(listed)
        world.publish()
    assert rows(world.target)["crawls"] == [("c", 1), ("c", 2), ("c", 3)]
    assert rows(world.target)["awards"] == world.con.execute("FROM awards ORDER BY ALL").fetchall()
    assert world.new_copies == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.load("a1", everything=True),
        lambda world: world.load(*(f"a{number}" for number in range(9))),
        lambda world: world.mark.unlink(),
        lambda world: world.con.execute("UPDATE private.loads SET merged = 7, built = 7, published = 5"),
    ],
    ids=["all was built", "much changed", "nothing is noted", "another store"],
)
def test_a_new_copy_is_written_if_what_changed_is_much_or_not_known(
    world: World, change: Callable[[World], None]
) -> None:
    change(world)
    world.publish()
    assert world.new_copies == 2
    world.assert_published()


def test_definitions_of_the_user_are_added_to_every_new_copy(world: World) -> None:
    world.load("a1")
    world.publish(reuse=False, finish=lambda copied: copied.execute("CREATE VIEW mine AS SELECT 1 AS one"))
    world.load("a2")
    world.publish(finish=lambda copied: copied.execute("CREATE VIEW mine AS SELECT 2 AS two"))
    for path in (world.own, world.target):
        with duckdb.connect(str(path), read_only=True) as con:
            assert con.execute("FROM mine").fetchall() == [(1,)]
    assert world.new_copies == 2


@pytest.mark.parametrize("name", ["tenders.duckdb", "own.duckdb"])
def test_who_has_a_file_open_or_linked_goes_on_reading_it(world: World, name: str) -> None:
    path = world.folder / name
    before = path.read_bytes()
    with path.open("rb") as opened:
        for number in range(4):
            world.load(f"a{number}")
            world.publish()
            world.assert_published()
        assert opened.read() == before
    kept = world.folder / "kept"
    os.link(path, kept)
    before = kept.read_bytes()
    for number in range(4):
        world.load(f"a{number}")
        world.publish()
        world.assert_published()
    assert kept.read_bytes() == before
    assert world.new_copies == 1


@pytest.mark.parametrize("name", ["tenders.duckdb", "own.duckdb", "published.spare.duckdb"])
def test_a_file_that_somebody_wrote_into_is_not_used_again(world: World, name: str) -> None:
    for number in range(2):
        world.load(f"a{number}")
        world.publish()
    with duckdb.connect(str(world.folder / name)) as con:
        con.execute("CREATE TABLE mine AS SELECT 1 AS one")
    for number in range(3):
        world.load(f"a{number}")
        world.publish()
        world.assert_published()


@pytest.mark.long
@pytest.mark.parametrize("step", ["_write_changes", "replace", "sync_path", "note_published"])
@pytest.mark.parametrize("calls", range(4))
def test_a_publication_that_breaks_off_is_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
) -> None:
    for number in range(2):
        world.load(f"a{number}")
        world.publish()
    world.load("a5", "-a6")
    world.crawl(1)
    done = getattr(published_copy, step)
    left = calls

    def breaks_off(*arguments: Any) -> None:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        done(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(published_copy, step, breaks_off)
        try:
            world.publish()
        except KeyboardInterrupt:
            world.load("a7")
    world.publish()
    world.assert_published()
    world.load("a8")
    world.publish()
    world.assert_published()
    expected = {"mark", "own.duckdb", "published.spare.duckdb", "store.duckdb", "store.duckdb.wal", "tenders.duckdb"}
    assert {path.name for path in world.folder.iterdir()} == expected


def test_the_published_copy_has_only_public_tables_with_views_and_macros(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert not published_copy.is_published(world.con, [world.own, world.target], world.mark)
    world.con.execute("INSERT INTO notices VALUES ('b', 1), ('a', 2), ('a', 1)")
    world.con.execute("CREATE MACRO monthly_as_of(ts) AS TABLE SELECT * FROM notices WHERE notice_key <= ts")
    world.publish()
    mark = published_copy.Mark.read(world.mark)
    assert mark is not None
    assert (mark.generation, mark.notices, sorted(mark.files)) == (0, 3, ["own.duckdb", "tenders.duckdb"])
    assert rows(world.target) == rows(world.own)
    assert rows(world.target)["notices"] == [("a", 1), ("a", 2), ("b", 1)]
    with duckdb.connect(str(world.target), read_only=True) as con:
        assert con.execute("SELECT * FROM monthly").fetchall() == [(0,)]
        assert con.execute("SELECT count(*) FROM monthly_as_of('a')").fetchall() == [(2,)]
        schemas = con.execute(
            "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database()"
        ).fetchall()
        assert ("private",) not in schemas
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["mark", "own.duckdb", "store.duckdb", "store.duckdb.wal", "tenders.duckdb"]


def test_a_write_ahead_log_of_the_old_copy_does_not_damage_the_new_one(world: World) -> None:
    script = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE mine (a INT)'); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script, str(world.target)], check=False)
    assert world.target.with_name("tenders.duckdb.wal").exists()
    for number in range(3):
        world.load(f"a{number}")
        world.publish()
        world.assert_published()


def test_a_mark_of_an_earlier_release_counts_as_none(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    for text in ("3 1000 2", "", "[]", '{"generation": 1}', '{"generation": 1, "notices": 2, "files": {"a": [1]}}'):
        mark.write_text(text, "utf-8")
        assert published_copy.Mark.read(mark) is None


def test_a_file_is_free_unless_it_is_open_or_has_a_second_name(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    assert not is_open_or_linked(path)
    with path.open("rb"):
        assert is_open_or_linked(path)
    assert not is_open_or_linked(path)
    os.link(path, tmp_path / "b")
    assert is_open_or_linked(path)
