import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yulelight.commands.cli import app


@pytest.fixture(autouse=True)
def berlin(tmp_path: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        patch.setenv("YULELIGHT_DATA", str(tmp_path / "data"))
        patch.chdir(tmp_path)
        lists = tmp_path / "data" / "playlists"
        lists.mkdir(parents=True)
        for name in ("Carols", "Christmas Rock"):
            (lists / f"{name}.m3u8").write_text("#EXTM3U\n")
        yield
    # The C library remembers the zone that it last saw.
    time.tzset()


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["schedule", *words])
    assert result.exit_code == status, result.output
    return result.output


def add(*words: str, status: int = 0) -> str:
    return run("add", "Carols", *words, status=status)


SEASON = ("--start", "17:30", "--end", "22:00", "--from", "2036-11-27", "--to", "2037-01-06")


def test_a_season(tmp_path: Path) -> None:
    assert "no show yet" in run("list")
    add(*SEASON, "--except", "2036-12-24")
    assert "Carols: every night from 2036-11-27 to 2037-01-06, 17:30 to 22:00; not on 2036-12-24\n" in run(
        "list"
    )
    lines = run("next", "--count", "200").splitlines()
    assert len(lines) == 40
    assert lines[0] == "Thu 2036-11-27 17:30 to 22:00  Carols"
    assert "EXDATE:20361224T173000" in (tmp_path / "data" / "schedule.ics").read_text()


def test_a_calendar_that_was_cut_off_is_not_written_over(tmp_path: Path) -> None:
    add(*SEASON)
    path = tmp_path / "data" / "schedule.ics"
    cut = path.read_text().split("END:VEVENT", maxsplit=1)[0]
    path.write_text(cut)
    assert "is not overwritten" in add("--start", "16:00", "--end", "17:00", "--from", "2036-12-05", status=2)
    assert path.read_text() == cut
    assert "17:30 to 22:00" in run("list")  # the one before is used


def test_over_midnight_on_weekdays_and_once() -> None:
    add("--start", "22:00", "--end", "1:00", "--from", "2036-12-05", "--days", "fr, sa", "--to", "2036-12-13")
    add(
        "--start",
        "19:00",
        "--for",
        "15",
        "--from",
        "2036-12-06",
        "--title",
        "Santa",
        "--priority",
        "2",
        "--finish",
        "cut",
    )
    assert run("next").splitlines() == [
        "Fri 2036-12-05 22:00 to 01:00 +1  Carols",
        "Sat 2036-12-06 19:00 to 19:15  Santa",
        "Sat 2036-12-06 22:00 to 01:00 +1  Carols",
        "Fri 2036-12-12 22:00 to 01:00 +1  Carols",
        "Sat 2036-12-13 22:00 to 01:00 +1  Carols",
    ]


def test_a_list_says_all_that_was_chosen_and_what_is_over() -> None:
    words = ("--start", "22:00", "--from", "2036-12-05", "--days", "fr,sa")
    add(*words, "--for", "90", "--title", "Late", "--look", "calm", "--priority", "2", "--shuffle", "--once")
    said = add(
        "--start", "17:30", "--end", "1:00", "--from", "2020-11-27", "--to", "2021-01-06", "--finish", "cut"
    )
    assert "over already" in said
    assert "over already" not in add("--start", "17:30", "--end", "22:00", "--to", "2036-12-06")
    assert [line.partition("  ")[2] for line in run("list").splitlines()][:2] == [
        (
            "Late (playlist Carols): every Fri, Sat from 2036-12-05, 22:00 for 90 min; "
            "look calm, priority 2, shuffled, the list once"
        ),
        "Carols: every night from 2020-11-27 to 2021-01-06, 17:30 to 01:00; cuts the last song; over already",
    ]


def test_by_the_sun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "yulelight place CITY" in add(
        "--start", "sunset", "--end", "22:00", "--from", "2036-12-06", status=2
    )
    monkeypatch.setenv("YULELIGHT_PLACE__LATITUDE", "52.5")
    monkeypatch.setenv("YULELIGHT_PLACE__LONGITUDE", "13.4")
    add("--start", "sunset-15", "--end", "22:00", "--from", "2036-12-06")
    add("--start", "dusk", "--end", "1:00", "--from", "2036-12-07", "--title", "Long")
    assert "on Sat 2036-12-06, sunset-15 to 22:00" in run("list")
    first, second = run("next").splitlines()
    assert first.startswith("Sat 2036-12-06 15:3")
    assert second.startswith("Sun 2036-12-07 16:3")
    assert second.endswith("to 01:00 +1  Long")


def test_nights_and_shows_are_taken_out() -> None:
    add(*SEASON)
    add(*SEASON, "--title", "Second")
    assert "left out of: Second" in run("skip", "2036-12-01", "second")
    assert "left out of: Carols, Second" in run("skip", "2036-12-02")
    assert "no show begins" in run("skip", "2036-12-02", status=2)
    assert "no show is called" in run("remove", "Third", status=2)
    assert "removed Second" in run("remove", "Second")
    assert len(run("next", "--count", "99").splitlines()) == 40


def test_out_and_in_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(*SEASON)
    run("export", "-o", "calendar.ics")
    assert run("export").startswith("BEGIN:VCALENDAR")
    monkeypatch.setenv("YULELIGHT_SCHEDULE", str(tmp_path / "other.ics"))
    assert "1 show taken" in run("import", "calendar.ics")
    assert "Carols" in run("list")
    assert "cannot read" in run("import", "nowhere.ics", status=2)
    Path("calendar.ics").write_text("nothing")
    assert "not a calendar" in run("import", "calendar.ics", status=2)
    (tmp_path / "other.ics").write_text("nothing")
    assert "repair it" in run("list", status=2)
    assert (tmp_path / "other.ics").read_text() == "nothing"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--start", "25:00", "--end", "22:00"), "not a time"),
        (("--start", "17:30"), "when it ends"),
        (("--start", "17:30", "--end", "22:00", "--for", "5"), "when it ends"),
        (("--start", "17:30", "--for", "5", "--days", "xx"), "not a weekday"),
        (("--start", "17:30", "--for", "5", "--from", "soon"), "not a date"),
        (("--start", "17:30", "--for", "5", "--finish", "bang"), "finish"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(words: tuple[str, ...], says: str) -> None:
    output = add(*words, status=2)
    assert says in output
    assert len(output.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "fr,xx"), "'xx' is not a weekday"),
        (("--to", "2036-11-26"), "before the first"),
        (("--look", "gaudy"), "no look 'gaudy'; there are lively"),
    ],
)
def test_a_show_that_could_never_be_is_refused(words: tuple[str, ...], said: str) -> None:
    assert said in add("--start", "17:30", "--for", "9", "--from", "2036-11-27", *words, status=2)
    assert "no show yet" in run("list")


@pytest.mark.parametrize(
    ("playlist", "says"),
    [
        ("Carrols", "there is no playlist 'Carrols'; did you mean 'Carols'?"),
        ("Halloween", "there is no playlist 'Halloween'; make it first"),
    ],
)
def test_a_playlist_that_is_not_there_is_refused(playlist: str, says: str) -> None:
    assert says in run("add", playlist, "--start", "17:30", "--for", "9", status=2)
    assert "no show yet" in run("list")


def test_a_playlist_is_found_but_for_case() -> None:
    run("add", "christmas ROCK", "--start", "17:30", "--for", "9", "--from", "2036-12-06")
    assert "Christmas Rock" in run("export")


def test_the_first_nights_of_a_new_show_are_told() -> None:
    assert add(*SEASON, "--except", "2036-11-28").splitlines()[1:] == [
        "Thu 2036-11-27 17:30 to 22:00  Carols",
        "Sat 2036-11-29 17:30 to 22:00  Carols",
        "Sun 2036-11-30 17:30 to 22:00  Carols",
        "and so on, the last on Tue 2037-01-06",
    ]
    once = add("--start", "22:00", "--end", "1:00", "--from", "2036-12-05", "--title", "Late")
    assert once.splitlines()[1:] == ["Fri 2036-12-05 22:00 to 01:00 +1  Late"]
    assert (
        add("--start", "9:00", "--for", "5", "--days", "mo", "--title", "Bell").splitlines()[-1]
        == "and so on"
    )


def test_a_calendar_that_names_what_is_not_there_is_told(tmp_path: Path) -> None:
    add(*SEASON, "--look", "calm")
    text = run("export").replace("PLAYLIST:Carols", "PLAYLIST:Carrols").replace("LOOK:calm", "LOOK:clam")
    (tmp_path / "other.ics").write_text(text)
    said = run("import", "other.ics")
    for problem in ("no playlist 'Carrols'; did you mean 'Carols'?", "no look 'clam'; did you mean 'calm'?"):
        assert problem in said
        assert problem in run("list")


def test_the_parsers_own_words_are_nothing_for_a_user(tmp_path: Path) -> None:
    (tmp_path / "no.ics").write_text("garbage")
    assert "BEGIN:VCALENDAR" in run("import", "no.ics", status=2)
