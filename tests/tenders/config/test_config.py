"""The configuration file: where it is found, what it may contain, and how a mistake in it is reported."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tenders import portals, settings
from tenders.config import project
from tenders.config.default_times import default_cron_lines
from tenders.config.models import AnnounceSection, ArchiveSection, ConfigFile, PortalPlan, PortalSection, PublishSection
from tenders.config.project import Config, ConfigError
from tenders.notify.notifier import Announcer
from tests.helpers.list_server import LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import tenders, tenders_process
from tests.paths import ROOT

SAVED_ONLY = next(portal.name for portal in portals.all() if not portal.crawl)
EXAMPLE = ROOT / "tenders.example.toml"


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "tenders.toml"
    path.write_text(text, "utf-8")
    return project.load(path, tmp_path)


def plan(config: Config, name: str = "ccgp") -> PortalPlan:
    return next(plan for plan in config.portals if plan.name == name)


def test_without_a_file_every_crawled_portal_has_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = project.load(None, tmp_path)
    assert found.path is None
    assert [plan.name for plan in found.portals] == [portal.name for portal in portals.all() if portal.crawl]
    defaults = {
        "enabled": True,
        "cron": default_cron_lines([portals.load(plan.name) for plan in found.portals])["ccgp"],
        "window_days": 14,
        "overlap_days": 3,
        "keywords": (),
        "origin": None,
    }
    assert plan(found).model_dump() == {"name": "ccgp", **defaults}
    assert (found.keep_lists_days, found.announce.urls, found.announce.atom) == (0, (), None)


def test_the_example_file_changes_nothing_as_it_is(tmp_path: Path) -> None:
    assert project.load(EXAMPLE, tmp_path) == project.from_data({}, EXAMPLE)


def test_every_line_of_the_example_that_is_commented_out_is_valid(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^# (?=\[|\w+ = )", "", EXAMPLE.read_text("utf-8"))
    found = read(tmp_path, text)
    assert len(re.findall(r"(?m)^\w+ = ", text)) == 18
    assert found.contact == "https://example.org/tenders"
    assert plan(found).origin == "http://127.0.0.1:8800"
    assert not plan(found, "gdgpo").enabled
    assert plan(found, "gdgpo").keywords == ("大模型", "智能体")
    assert found.announce.min_amount == Decimal(1_000_000)


def test_the_example_shows_every_key(tmp_path: Path) -> None:
    shown = set(re.findall(r"(?m)^#? ?(\w+) = ", EXAMPLE.read_text("utf-8")))
    sections = (PortalSection, ArchiveSection, AnnounceSection, PublishSection)
    assert shown == {"contact", *(key for section in sections for key in section.model_fields)}
    assert set(re.findall(r"(?m)^#? ?\[(\w+)", EXAMPLE.read_text("utf-8"))) == set(ConfigFile.model_fields) - {
        "contact"
    }


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
    found = project.load(None, tmp_path / "nowhere")
    assert (plan(found).window_days, found.chosen) == (1, False)
    assert project.load(None, data).chosen


def test_a_file_that_merely_lies_in_the_current_folder_is_named_and_gets_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tenders.toml").write_text("[announce]\nurls = ['json://${TOKEN}.example']", "utf-8")
    monkeypatch.chdir(tmp_path)
    found = project.load(None, tmp_path / "data")
    assert str(tmp_path / "tenders.toml") in caplog.text
    with pytest.raises(project.ConfigError, match="name it"):
        Announcer(found, tmp_path / "data", {"TOKEN": "s3cr3t"})
    Announcer(project.load(tmp_path / "tenders.toml", tmp_path / "data"), tmp_path / "data", {"TOKEN": "s3cr3t"})


def test_a_portals_own_section_wins_over_the_shared_one(tmp_path: Path) -> None:
    found = read(
        tmp_path, "[schedule]\nenabled = false\nwindow_days = 5\n[portals.ccgp]\nenabled = true\noverlap_days = 0\n"
    )
    assert (plan(found).enabled, plan(found).window_days, plan(found).overlap_days) == (True, 5, 0)
    assert not plan(found, "gdgpo").enabled


@pytest.mark.parametrize(
    ("text", "key", "problem", "remedy"),
    [
        ("contakt = 'x'", "contakt", "unknown key", "contact"),
        ("contact = 'a b'", "contact", "'a b'", "address or URL"),
        ("contact = ''", "contact", "is empty", "address or URL"),
        ("contact = 'x\\r\\nCookie: y'", "contact", "Cookie", "address or URL"),
        ("contact = '我@example.org'", "contact", "我@example.org", "address or URL"),
        ("schedule = 3", "schedule", "3", "table"),
        ("[schedule]\norigin = 'http://127.0.0.1:1'", "schedule.origin", "unknown key", "cron"),
        ("[schedule]\nwindow_days = '14'", "schedule.window_days", "'14'", "whole number"),
        ("[schedule]\nwindow_days = true", "schedule.window_days", "true", "whole number"),
        ("[schedule]\nwindow_days = 0", "schedule.window_days", "0", "at least 1"),
        ("[schedule]\nwindow_days = 3661", "schedule.window_days", "3661", "at most 3660"),
        ("[schedule]\noverlap_days = -1", "schedule.overlap_days", "-1", "at least 0"),
        ("[schedule]\nenabled = 'yes'", "schedule.enabled", "'yes'", "true or false"),
        ("[schedule]\nkeywords = '大模型'", "schedule.keywords", "'大模型'", "list"),
        ("[schedule]\nkeywords = ['大模型', '']", "schedule.keywords[2]", "is empty", "at least one"),
        ("[schedule]\nkeywords = [1]", "schedule.keywords[1]", "1", "text"),
        ("[schedule]\ncron = 'every day'", "schedule.cron", "2 fields", "15 */4 * * *"),
        ("[schedule]\ncron = '0 0 31 2 *'", "schedule.cron", "bad day-of-month", "15 */4 * * *"),
        ("[portals.nowhere]", "portals.nowhere", "unknown portal", "tenders portals"),
        ("[portals.cgcp]", "portals.cgcp", "unknown portal", "did you mean ccgp?"),
        (f"[portals.{SAVED_ONLY}]", f"portals.{SAVED_ONLY}", "not crawled", "remove"),
        ("[portals]\nccgp = 1", "portals.ccgp", "1", "table"),
        ("[portals.ccgp]\ncorn = '* * * * *'", "portals.ccgp.corn", "unknown key", "did you mean cron?"),
        ("[portals.ccgp]\norigin = 'http://127.0.0.1/mirror'", "portals.ccgp.origin", "/mirror", "scheme://host:port"),
        ("[archive]\nkeep_lists_days = 1.5", "archive.keep_lists_days", "1.5", "whole number"),
        *(
            (f"[announce]\natom = {path!r}", "announce.atom", path.rpartition("/")[2], "ends in .xml or .atom")
            for path in ("private/store.xml", "tenders.duckdb", "../feed.xml", "/srv/feed.xml", "archive/a.xml")
        ),
        ("[announce]\nurls = 'json://x'", "announce.urls", "json://x", "list"),
        ("[announce]\nmin_amount = '1'", "announce.min_amount", "'1'", "1_000_000"),
        ("[announce]\nmin_amount = true", "announce.min_amount", "True", "1_000_000"),
        ("[announce]\nmin_amount = nan", "announce.min_amount", "nan", "1_000_000"),
    ],
)
def test_a_mistake_is_one_line_with_file_key_and_remedy(
    tmp_path: Path, text: str, key: str, problem: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    line = str(raised.value)
    prefix = f"{tmp_path}/tenders.toml: {key}: "
    assert line.startswith(prefix)
    assert "\n" not in line
    assert problem in line.removeprefix(prefix)
    assert remedy in line.removeprefix(prefix)


def test_the_wording_of_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, "[schedule]\nwindow = 3")
    assert str(raised.value) == f"{tmp_path}/tenders.toml: schedule.window: unknown key; did you mean window_days?"


@pytest.mark.parametrize("text", ["not toml", "a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"tenders\.toml: not TOML: "):
        read(tmp_path, text)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tenders.toml"
    path.write_bytes("contact = '大'".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        project.load(path, tmp_path)


def test_the_command_ends_with_one_line_and_2_for_a_wrong_file(tmp_path: Path) -> None:
    (tmp_path / "tenders.toml").write_text("[schedule]\nwindow = 3\n", "utf-8")
    for command in (["schedule"], ["crawl", "ccgp"]):
        done = tenders("--data", tmp_path, *command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"{tmp_path}/tenders.toml: schedule.window: unknown key" in done.stderr
    missing = tenders("schedule", "--data", tmp_path, "--config", tmp_path / "missing.toml")
    assert missing.returncode == 2
    assert "there is no such file" in missing.stderr
    named = tenders("schedule", "--data", tmp_path, env={"TENDERS_CONFIG": str(tmp_path / "missing.toml")})
    assert "there is no such file" in named.stderr


def test_a_variable_that_is_not_set_is_named() -> None:
    assert project.expand_variables("json://${A}/${B_2}/$C", {"A": "x", "B_2": "y"}) == "json://x/y/$C"
    with pytest.raises(ValueError, match="variable A is not set"):
        project.expand_variables("json://${A}", {})


@pytest.mark.long
def test_the_contact_reaches_the_portal_and_the_environment_wins(tmp_path: Path) -> None:
    with serving(ListServer()) as server:
        server.fill(LOCAL_AWARDS, 1)
        (tmp_path / "tenders.toml").write_text("contact = 'https://one.example'", "utf-8")
        command = ["crawl", "ccgp", "--origin", server.origin, "--data", tmp_path]
        assert tenders_process(*command, env={"TENDERS_CONTACT": ""}).returncode == 0
        assert [agent.rpartition("+")[2] for agent in server.agents] == ["https://one.example)"]
        server.agents.clear()
        assert tenders_process(*command, env={"TENDERS_CONTACT": "two@example.org"}).returncode == 0
        assert [agent.rpartition("+")[2] for agent in server.agents] == ["two@example.org)"]
    assert settings.user_agent("").endswith("+contact-unset)")
