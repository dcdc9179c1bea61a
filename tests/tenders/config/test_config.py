"""The configuration file: where it is found, what it may say, and how a mistake in it is told."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tenders import portals, settings
from tenders.config import project
from tenders.config.cron import trigger
from tenders.config.project import Config, ConfigError, PortalPlan
from tests.helpers.list_server import LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import tenders
from tests.paths import ROOT

SAVED_ONLY = next(portal.name for portal in portals.all() if not portal.crawl)
EXAMPLE = ROOT / "tenders.example.toml"


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "tenders.toml"
    path.write_text(text, "utf-8")
    return project.load(path, tmp_path)


def plan(found: Config, name: str = "ccgp") -> PortalPlan:
    return next(plan for plan in found.portals if plan.name == name)


def test_without_a_file_every_crawled_portal_has_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = project.load(None, tmp_path)
    assert found.path is None
    assert [plan.name for plan in found.portals] == [portal.name for portal in portals.all() if portal.crawl]
    assert plan(found) == PortalPlan("ccgp", True, "15 */4 * * *", 14, 3, (), None)
    assert (found.keep_lists_days, found.announce.urls, found.announce.atom) == (0, (), None)


def test_the_example_file_changes_nothing_as_it_is(tmp_path: Path) -> None:
    found = project.load(EXAMPLE, tmp_path)
    assert found == project._config(EXAMPLE, {})


def test_every_line_of_the_example_that_is_commented_out_is_valid(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^# (?=\[|\w+ = )", "", EXAMPLE.read_text("utf-8"))
    found = read(tmp_path, text)
    assert len(re.findall(r"(?m)^\w+ = ", text)) == 14
    assert found.contact == "https://example.org/tenders"
    assert plan(found).origin == "http://127.0.0.1:8800"
    assert not plan(found, "gdgpo").enabled
    assert plan(found, "gdgpo").keywords == ("大模型", "智能体")
    assert found.announce.min_amount == Decimal(1_000_000)


def test_the_example_shows_every_key(tmp_path: Path) -> None:
    shown = set(re.findall(r"(?m)^#? ?(\w+) = ", EXAMPLE.read_text("utf-8")))
    assert shown == {"contact", "keep_lists_days", *project._PLAN, *project._ANNOUNCE}


def test_the_configuration_that_the_documentation_shows_is_valid(tmp_path: Path) -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", (EXAMPLE.parent / "docs" / "schedule.md").read_text("utf-8"), re.DOTALL)
    found = read(tmp_path, shown)
    assert [plan.name for plan in found.portals if plan.enabled] == ["ccgp"]
    assert (plan(found).window_days, found.keep_lists_days, found.announce.atom) == (7, 90, "feed.xml")


def test_a_named_file_wins_over_the_data_folder_and_that_over_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, data = tmp_path / "here", tmp_path / "data"
    for number, folder in enumerate((here, data, tmp_path)):
        folder.mkdir(exist_ok=True)
        (folder / "tenders.toml").write_text(f"schedule.window_days = {number + 1}", "utf-8")
    monkeypatch.chdir(here)
    assert plan(project.load(tmp_path / "tenders.toml", data)).window_days == 3
    assert plan(project.load(None, data)).window_days == 2
    assert plan(project.load(None, tmp_path / "nowhere")).window_days == 1


def test_a_portals_own_section_wins_over_the_shared_one(tmp_path: Path) -> None:
    found = read(
        tmp_path, "[schedule]\nenabled = false\nwindow_days = 5\n[portals.ccgp]\nenabled = true\noverlap_days = 0\n"
    )
    assert (plan(found).enabled, plan(found).window_days, plan(found).overlap_days) == (True, 5, 0)
    assert not plan(found, "gdgpo").enabled


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("contakt = 'x'", "contakt is not a key here; known: contact"),
        ("contact = 'a b'", "contact must be an address or URL"),
        ("contact = 'x\\r\\nCookie: y'", "contact must be an address or URL"),
        ("contact = '我@example.org'", "contact must be an address or URL"),
        ("schedule = 3", "schedule must be a table"),
        ("[schedule]\norigin = 'http://127.0.0.1:1'", "schedule.origin is not a key here"),
        ("[schedule]\nwindow_days = '14'", "schedule.window_days must be a whole number of days from 1"),
        ("[schedule]\nwindow_days = true", "schedule.window_days must be a whole number of days from 1"),
        ("[schedule]\nwindow_days = 0", "schedule.window_days must be a whole number of days from 1"),
        ("[schedule]\noverlap_days = -1", "schedule.overlap_days must be a whole number of days from 0"),
        ("[schedule]\nenabled = 'yes'", "schedule.enabled must be true or false"),
        ("[schedule]\nkeywords = '大模型'", "schedule.keywords must be a list of texts"),
        ("[schedule]\nkeywords = ['']", "schedule.keywords must be a text that is not empty"),
        ("[schedule]\ncron = 'every day'", "schedule.cron is not a time to crawl: a cron line has five fields"),
        ("[schedule]\ncron = '0 0 31 2 *'", "names a day that never comes"),
        ("[portals.nowhere]", "portals.nowhere is not a portal"),
        (f"[portals.{SAVED_ONLY}]", f"portals.{SAVED_ONLY} is not crawled"),
        ("[portals]\nccgp = 1", "portals.ccgp must be a table"),
        ("[portals.ccgp]\ncorn = '* * * * *'", "portals.ccgp.corn is not a key here"),
        ("[portals.ccgp]\norigin = 'http://127.0.0.1/mirror'", "portals.ccgp.origin origin"),
        ("[archive]\nkeep_lists_days = 1.5", "archive.keep_lists_days must be a whole number of days from 0"),
        ("[announce]\nurls = 'json://x'", "announce.urls must be a list of texts"),
        ("[announce]\nmin_amount = '1'", "announce.min_amount must be an amount in yuan"),
        ("[announce]\nmin_amount = nan", "announce.min_amount must be an amount in yuan"),
        ("not toml", "is not TOML"),
        ("a = 1\na = 2", "is not TOML"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(tmp_path, text)
    assert str(told.value).startswith(f"{tmp_path}/tenders.toml: ")
    assert words in str(told.value)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tenders.toml"
    path.write_bytes("contact = '大'".encode("gb18030"))
    with pytest.raises(ConfigError, match="is not UTF-8"):
        project.load(path, tmp_path)


def test_the_command_ends_with_one_line_and_2_for_a_wrong_file(tmp_path: Path) -> None:
    (tmp_path / "tenders.toml").write_text("[schedule]\nwindow = 3\n", "utf-8")
    for command in (["schedule"], ["crawl", "ccgp"]):
        done = tenders("--data", tmp_path, *command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"{tmp_path}/tenders.toml: schedule.window is not a key here" in done.stderr
    missing = tenders("schedule", "--data", tmp_path, "--config", tmp_path / "missing.toml")
    assert missing.returncode == 2
    assert "there is no such file" in missing.stderr
    named = tenders("schedule", "--data", tmp_path, env={"TENDERS_CONFIG": str(tmp_path / "missing.toml")})
    assert "there is no such file" in named.stderr


def test_a_variable_that_is_not_set_is_named() -> None:
    assert project.expanded("json://${A}/${B_2}/$C", {"A": "x", "B_2": "y"}) == "json://x/y/$C"
    with pytest.raises(ValueError, match="variable A, which is not set"):
        project.expanded("json://${A}", {})


def test_the_contact_reaches_the_portal_and_the_environment_wins(tmp_path: Path) -> None:
    with serving(ListServer()) as server:
        server.fill(LOCAL_AWARDS, 1)
        (tmp_path / "tenders.toml").write_text("contact = 'https://one.example'", "utf-8")
        command = ["crawl", "ccgp", "--origin", server.origin, "--data", tmp_path]
        assert tenders(*command, env={"TENDERS_CONTACT": ""}).returncode == 0
        assert [agent.rpartition("+")[2] for agent in server.agents] == ["https://one.example)"]
        server.agents.clear()
        assert tenders(*command, env={"TENDERS_CONTACT": "two@example.org"}).returncode == 0
        assert [agent.rpartition("+")[2] for agent in server.agents] == ["two@example.org)"]
    assert settings.user_agent("").endswith("+contact-unset)")


@pytest.mark.parametrize(
    ("line", "after", "times"),
    [
        ("15 */4 * * *", "2026-11-23 09:00", ["2026-11-23 12:15", "2026-11-23 16:15"]),
        # 2026-11-23 is a Monday. In APScheduler 1 is Tuesday, in cron Monday, and 0 and 7 are Sunday.
        ("0 9 * * 1", "2026-11-22 00:00", ["2026-11-23 09:00", "2026-11-30 09:00"]),
        ("0 9 * * mon", "2026-11-22 00:00", ["2026-11-23 09:00", "2026-11-30 09:00"]),
        ("0 9 * * 0", "2026-11-23 00:00", ["2026-11-29 09:00", "2026-12-06 09:00"]),
        ("0 9 * * 7", "2026-11-23 00:00", ["2026-11-29 09:00", "2026-12-06 09:00"]),
        ("0 9 * * 1-5", "2026-11-27 10:00", ["2026-11-30 09:00", "2026-12-01 09:00"]),
        (
            "0 9 * * 5-7",
            "2026-11-23 00:00",
            ["2026-11-27 09:00", "2026-11-28 09:00", "2026-11-29 09:00", "2026-12-04 09:00"],
        ),
        ("0 9 * * SAT-sun", "2026-11-23 00:00", ["2026-11-28 09:00", "2026-11-29 09:00", "2026-12-05 09:00"]),
        (
            "0 9 * * */2",
            "2026-11-22 00:00",
            ["2026-11-22 09:00", "2026-11-24 09:00", "2026-11-26 09:00", "2026-11-28 09:00"],
        ),
        ("0 0 1 jan-jun/2 *", "2026-11-23 00:00", ["2027-01-01 00:00", "2027-03-01 00:00", "2027-05-01 00:00"]),
    ],
)
def test_a_cron_line_means_what_it_means_in_cron(line: str, after: str, times: list[str]) -> None:
    at = datetime.fromisoformat(f"{after}+08:00")
    found = []
    for _ in times:
        at = trigger(line).get_next_fire_time(at, at)
        found.append(at.strftime("%Y-%m-%d %H:%M"))
        assert at.utcoffset().total_seconds() == 8 * 3600
    assert found == times


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("@daily", "five fields"),
        ("0 9 1 * mon", "leave one of them"),
        ("0 9 * * 8", "no weekday"),
        ("0 9 * * mon/2", "step without a range"),
        ("0 9 * foo *", "no month"),
        ("0 9 * *-3 *", "no list of numbers"),
        ("60 9 * * *", "higher than the maximum"),
        ("*/0 9 * * *", "no list of numbers"),
    ],
)
def test_a_cron_line_that_could_be_read_in_two_ways_is_refused(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        trigger(line)
