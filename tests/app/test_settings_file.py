"""Tables of a settings file are changed, and what people wrote around them stays as it is."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.app.settings_file import put_table, with_table
from yulelight.core.errors import StorageError, UsageError

HOUSE = """# Our house, since 2019
look = "mine"   # what aunt Ida likes

[looks.mine]    # slow
base = "calm"   # lively is too much for her
# half a second:
release = 0.5   # seconds

[http]
port = 8770     # the router forwards it
"""


def test_a_change_keeps_comments_and_places() -> None:
    after = with_table(HOUSE, "looks", "mine", {"base": "calm", "release": 0.7, "drama": -0.2})
    lines = HOUSE.replace("release = 0.5", "release = 0.7").splitlines()
    assert [line for line in after.splitlines() if line != "drama = -0.2"] == lines
    assert tomllib.loads(after)["looks"] == {"mine": {"base": "calm", "release": 0.7, "drama": -0.2}}


def test_what_is_not_named_any_more_goes() -> None:
    after = with_table(HOUSE, "looks", "mine", {"base": "lively"})
    assert "# Our house" in after
    assert tomllib.loads(after) == {
        "look": "mine",
        "looks": {"mine": {"base": "lively"}},
        "http": {"port": 8770},
    }


def test_a_new_one_and_its_removal_leave_the_file_as_it_was() -> None:
    with_more = with_table(HOUSE, "looks", 'Ida\'s "slow" look', {"base": "calm", "minimum": [1.0, 0.5]})
    assert tomllib.loads(with_more)["looks"]['Ida\'s "slow" look'] == {"base": "calm", "minimum": [1.0, 0.5]}
    after = with_table(with_more, "looks", 'Ida\'s "slow" look', None)
    assert after.split() == HOUSE.split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet",
        'looks = {a = {base = "calm"}}\nlook = "a"\n',
        '[looks]\na = {base = "calm"}\n[http]\nport = 1\n',
        '[looks.a]\nbase = "calm"\n[http]\nport = 1\n[looks.b]\nbase = "elegant"\n',
        '[[output]]\ntype = "ddp"\n[[output]]\ntype = "e131"\n\n[looks.a]\nbase="calm"',
    ],
)
@pytest.mark.parametrize("name", ["a", "b", "new one"])
def test_however_it_is_written(tmp_path: Path, text: str, name: str) -> None:
    file, values = tmp_path / "yulelight.toml", {"base": "classic", "calm": 0.25}
    file.write_text(text)
    put_table(file, "looks", name, values)
    expected = tomllib.loads(text)
    expected.setdefault("looks", {})[name] = values
    assert tomllib.loads(file.read_text()) == expected
    put_table(file, "looks", name, None)
    del expected["looks"][name]
    found = tomllib.loads(file.read_text())
    assert {"looks": {}, **found} == {"looks": {}, **expected}


_keys = st.text("abc é.", min_size=1, max_size=4)
_values = st.one_of(st.integers(-5, 5), st.floats(-1, 1), st.booleans(), st.text("ab\"'\\# \n", max_size=5))


@given(
    st.lists(st.tuples(_keys, st.one_of(st.none(), st.dictionaries(_keys, _values, max_size=3))), max_size=6)
)
def test_any_number_of_changes_is_what_a_dictionary_does(
    changes: list[tuple[str, dict[str, object] | None]],
) -> None:
    text, expected = HOUSE, dict(tomllib.loads(HOUSE)["looks"])
    for name, values in changes:
        text = with_table(text, "looks", name, values)
        if values is None:
            expected.pop(name, None)
        else:
            expected[name] = values
        found = tomllib.loads(text)
        assert found.get("looks", {}) == expected
        assert (found["look"], found["http"]) == ("mine", {"port": 8770})


def test_what_cannot_be_added_to_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text('looks.a.base = "calm"\nlook = "a"\n[http]\nport = 1\n')
    put_table(file, "looks", "a", {"base": "lively"})
    before = file.read_text()
    assert tomllib.loads(before) == {"looks": {"a": {"base": "lively"}}, "look": "a", "http": {"port": 1}}
    with pytest.raises(UsageError, match="change looks by hand"):
        put_table(file, "looks", "b", {"base": "calm"})
    assert file.read_text() == before


def test_a_file_that_is_none_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    for broken in (b"look = \n", b"\xff\xfe", b"looks = 5\n"):
        file.write_bytes(broken)
        with pytest.raises(UsageError):
            put_table(file, "looks", "a", {"base": "calm"})
        assert file.read_bytes() == broken


def test_the_file_keeps_its_permissions_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "yulelight.toml"
    real.write_text(HOUSE)
    real.chmod(0o640)
    link.symlink_to(real)
    put_table(link, "looks", "mine", None)
    assert link.is_symlink()
    assert "[looks" not in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match="cannot be saved"):
        put_table(tmp_path / "folder", "looks", "a", {"base": "calm"})
