"""Settings come from file, environment and command line, in that order; mistakes are named in one line."""

from dataclasses import fields, replace
from datetime import time
from pathlib import Path

import pytest

from yulelight.app.look_settings import OwnLook
from yulelight.app.settings import load
from yulelight.core.errors import UsageError
from yulelight.schedule.place import Place
from yulelight.schedule.quiet import Ceiling, Quiet
from yulelight.show.look import LOOKS, Look


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_line_wins_over_environment_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("yulelight.toml").write_text(
        'name = "File"\nmodel = "file"\n[http]\nport = 1000\nhost = "127.0.0.1"\n'
    )
    monkeypatch.setenv("YULELIGHT_MODEL", "environment")
    monkeypatch.setenv("YULELIGHT_HTTP__PORT", "2000")
    settings = load(http__port=3000)
    assert (settings.name, settings.model) == ("File", "environment")
    assert (settings.http.port, settings.http.host) == (3000, "127.0.0.1")


def test_what_was_not_said_keeps_its_default() -> None:
    assert load(http__port=None, model=None).model_dump() == load().model_dump()


def test_a_named_file_must_exist() -> None:
    with pytest.raises(UsageError, match=r"no settings file at nowhere\.toml"):
        load(Path("nowhere.toml"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[http]\nport = 70000", "http.port"),
        ("nmae = 'x'", "nmae"),
        ("[light]\nlook_ahead = 'soon'", "light.look_ahead"),
        ("name = [", "yulelight.toml"),
        ("look = 'disco'", r"'disco'.* lively, classic, calm"),
        ("look = 'mine'\n[looks.other]", "lively, .*, other"),
        ("[looks.mine]\nbase = 'disco'", r"looks\.mine\.base: .*'disco'; use one of lively"),
        ("[looks.mine]\nrelease = 11", r"looks\.mine\.release"),
        ("[looks.mine]\nrelease = nan", r"looks\.mine\.release"),
        ("[looks.mine]\nminimum = [0.01, 0.1]", r"looks\.mine\.minimum\.0"),
        ("[looks.mine]\nlive_switch = [0.6, 0.4]", r"looks\.mine\.live_switch: .*swap"),
        ("[looks.mine]\nevents = 'never'", r"looks\.mine\.events"),
        ("[looks.lively]\nrelease = 1", r"looks\.lively: .*choose another"),
        ("[[channels]]\nload = 0", r"channels\.0\.load"),
        ("[[channels]]\n" * 9, "channels"),
        ("[guests]\nenabled = true", "guests: .*playlist"),
        ("[guests]\nwaiting = 0", r"guests\.waiting"),
        ("[guests]\nfrom = 'noon'", r"guests\.from: .*21:00"),
        ("[light]\npower_budget = 100\n[[channels]]\nload = 5", "all 8 channels, but 1 have one"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(text: str, named: str) -> None:
    Path("yulelight.toml").write_text(text)
    with pytest.raises(UsageError, match=named) as caught:
        load()
    assert "\n" not in str(caught.value)


def test_a_look_of_ones_own_is_a_bundled_one_with_changes() -> None:
    Path("yulelight.toml").write_text(
        'look = "mine"\n[looks.mine]\nbase = "calm"\nrelease = 0.5\nminimum = [0.5, 1]\n'
    )
    assert load().chosen_look() == replace(LOOKS["calm"], release=0.5, minimum=(0.5, 1.0))
    assert load(look="elegant").chosen_look() == LOOKS["elegant"]


def test_every_number_of_a_look_can_be_set() -> None:
    sliders = {"drama", "calm", "contrast"}
    assert set(OwnLook.model_fields) == {"base", *sliders, *(field.name for field in fields(Look))}
    for look in LOOKS.values():
        own = OwnLook.model_validate({field.name: getattr(look, field.name) for field in fields(Look)})
        assert own.made() == look


def test_loads_are_those_of_the_channels_in_order() -> None:
    Path("yulelight.toml").write_text("[[channels]]\nload = 40\n[[channels]]\n")
    assert load().loads == [40.0] + [1.0] * 7
    Path("yulelight.toml").write_text("[light]\npower_budget = 100\n" + "[[channels]]\nload = 40\n" * 8)
    assert load().light.power_budget == 100


def test_the_place_and_quiet_hours() -> None:
    Path("yulelight.toml").write_text(
        '[place]\nlatitude = 52.5\nlongitude = 13.4\ntimezone = "Europe/Berlin"\n'
        '[[quiet]]\nfrom = "21:00"\nto = 07:00:00\nvolume = 0.4\n[[quiet]]\nfrom = "23:00"\nto = "07:00"\noff = true\n'
    )
    settings = load()
    assert settings.place.made() == Place(52.5, 13.4, 0.0, "Europe/Berlin")
    assert [hours.made() for hours in settings.quiet] == [
        Quiet(time(21), time(7), Ceiling(0.4, 1.0)),
        Quiet(time(23), time(7), Ceiling(0.0, 0.0)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[place]\nlatitude = 52.5\n",
        '[place]\ntimezone = "Mars"\n',
        "[place]\nlatitude = 99\nlongitude = 0\n",
        '[[quiet]]\nfrom = "25:00"\nto = "07:00"\n',
        '[[quiet]]\nfrom = "21:00"\n',
        '[[quiet]]\nfrom = "21:00"\nto = "07:00"\nvolume = 2\n',
    ],
)
def test_places_and_hours_that_cannot_be(text: str) -> None:
    Path("yulelight.toml").write_text(text)
    with pytest.raises(UsageError):
        load()


def test_brackets_without_end_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "[" * 100_000
    (tmp_path / "deep.toml").write_text(f"music = {deep}")
    with pytest.raises(UsageError, match="nested too deeply"):
        load(tmp_path / "deep.toml")
    monkeypatch.setenv("YULELIGHT_MUSIC", deep)
    with pytest.raises(UsageError, match="nested too deeply"):
        load()


def test_a_settings_file_that_may_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "folder.toml").mkdir()
    for name in ("loop.toml", "folder.toml"):
        with pytest.raises(UsageError, match=name):
            load(tmp_path / name)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('type = "e131"\npixels = 171\nuniverse = 63999', "universes beyond 63999"),
        ('type = "artnet"\nhost = "h"\npixels = 9\nuniverse = 32768', "32767"),
        ('type = "e131"\npixels = 9\naddress = 512', "a universe of 510 slots has no slot 512"),
        ('type = "artnet"\npixels = 9', "output.0.host: this is missing"),
        ('type = "e131"\npixels = 9\npriority = 201', "200"),
        ('type = "wled"\nhost = "h"\npixels = 9', "there is no such setting"),
        ('type = "dmx"\npixels = 9', "'ddp', 'wled', 'e131', 'artnet'"),
    ],
)
def test_outputs_that_cannot_be_are_refused(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text(f'[[output]]\nname = "roof"\n{lines}\n')
    with pytest.raises(UsageError, match=said):
        load(file)


def test_each_output_has_a_name_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text(
        "".join(f'[[output]]\ntype = "wled"\nname = "{n}"\nhost = "h"\n' for n in ("My roof", "my-roof"))
    )
    with pytest.raises(UsageError, match="name of its own"):
        load(file)


def test_pixels_that_a_strip_does_not_have_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text(
        '[[output]]\ntype = "ddp"\nname = "roof"\nhost = "192.0.2.1"\npixels = 150\n'
        "ranges = [{ channel = 5, first = 50, count = 101 }]\n"
    )
    with pytest.raises(UsageError, match="pixels 50 to 150 are named, but there are 150"):
        load(file)
