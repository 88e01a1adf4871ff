"""`yulelight evaluate`, as a user meets it."""

import io
import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from tests.commands.test_cli import assert_one_line, yulelight

pytest.importorskip("librosa", reason="the [evaluate] extra is not installed")

from yulelight.core.errors import UsageError
from yulelight.lab.evaluation.baselines import BASELINES
from yulelight.lab.evaluation.command import pick
from yulelight.lab.evaluation.scorecard import Score
from yulelight.lab.evaluation.table import COLUMNS, LEGEND, rich_tables
from yulelight.show.look import LOOKS


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory, clicks: np.ndarray) -> Path:
    path = tmp_path_factory.mktemp("songs") / "three <parts>.flac"
    soundfile.write(path, np.tile(clicks, 2), 44_100)
    return path


def test_table_json_and_page(song: Path, tmp_path: Path) -> None:
    figures, page = tmp_path / "card.json", tmp_path / "card.html"
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no music" * 100)
    short = tmp_path / "short.wav"
    soundfile.write(short, np.zeros(3), 44_100)
    result = yulelight(
        "evaluate", song, broken, short, "--baseline", "swap", "--baseline", "mel", "--latency",
        "--json", figures, "--html", page,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    for text in ("lively", "swap", "mel", "mean of 1 song", "onset F", "snare noise"):
        assert text in result.stdout
    assert "broken.mp3" in result.stderr and "short.wav lasts less" in result.stderr
    assert "Warning" not in result.stderr
    found = json.loads(figures.read_text())
    assert list(found["systems"]) == ["swap", "mel", "lively"]
    swap = found["systems"]["swap"]
    assert swap["mean"] == swap["songs"][song.name]
    assert swap["mean"]["cross"] is None, "one song has no others to learn a reading from"
    assert swap["mean"]["vocals"] is None and swap["mean"]["onset_f"] > 0.8
    assert set(found["latency_ms"]["lively"]["snare noise"]) == {"median", "p95"}
    html = page.read_text()
    assert html.count("data:image/png;base64,") == 2
    assert "three &lt;parts&gt;.flac" in html and "<parts>" not in html
    assert not re.search(r"(src|href)=.(?!data:)", html)


def test_own_looks_the_house_and_the_live_path(song: Path, tmp_path: Path) -> None:
    config, figures = tmp_path / "house.toml", tmp_path / "card.json"
    config.write_text(
        "[looks.mine]\nreluctance = 0.01\n[light]\npower_budget = 100\n"
        + '[[channels]]\nload = 40\ntype = "relay"\n' * 8
    )
    result = yulelight(
        "evaluate", song, "--config", config, "--look", "mine", "--live", "--json", figures
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    found = json.loads(figures.read_text())["systems"]
    assert list(found) == ["mine", "mine, live"]
    assert found["mine"]["mean"]["switched_flashes"] <= 3
    assert found["mine, live"]["mean"]["onset_f"] > 0.5


def test_every_column_is_explained() -> None:
    assert list(COLUMNS) == list(LEGEND)


@pytest.mark.parametrize(("kind", "known"), [("baseline", BASELINES), ("look", LOOKS)])
def test_names_are_picked_or_refused(kind: str, known: dict[str, object]) -> None:
    first = next(iter(known))
    assert pick(kind, [first], known) == {first: known[first]}
    assert pick(kind, ["all"], known) == known
    with pytest.raises(UsageError, match=rf"no {kind} is called 'best'; there are: {first}"):
        pick(kind, ["best"], known)


def test_wrong_use(song: Path) -> None:
    assert_one_line(yulelight("evaluate", song, "--json", "/nowhere/card.json"), 2, "/nowhere")


def test_songs_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"no music" * 100)
    result = yulelight("evaluate", tmp_path / "broken.mp3")
    assert result.returncode == 3, result.stderr
    # Which song it is at stands before it, where progress cannot be drawn.
    said = [
        line for line in result.stderr.splitlines() if line.strip() and not line.startswith("song 1 of 1")
    ]
    assert len(said) == 1 and "broken.mp3" in said[0]
    assert_one_line(yulelight("evaluate", tmp_path / "gone.mp3"), 2, "gone.mp3")


def test_without_the_extra_it_says_what_to_install(song: Path) -> None:
    """A Python in which librosa cannot be found, as on a machine that only plays."""
    code = (
        "import sys; sys.modules['librosa'] = None; sys.argv = ['yulelight', 'evaluate', sys.argv[1]]\n"
        "from yulelight.commands.cli import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(song)], capture_output=True, text=True, timeout=120, check=False
    )
    assert_one_line(result, 2, "librosa", "install it: ")


def test_the_command_line_stays_light() -> None:
    heavy = ("librosa", "scipy", "matplotlib", "numpy")
    code = f"import sys, yulelight.commands.cli; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("width", [60, 80, 120, 170, 250])
def test_tables_fit_the_terminal_and_lose_nothing(width: int) -> None:
    scores = {name: Score(*([-0.123] * len(fields(Score)))) for name in ("short", "a-rather-long-name")}
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(*rich_tables(scores, width))
    text = console.export_text()
    assert "…" not in text
    assert text.count("-.12 / -.12") == 2 * 6
    assert all(title in text for title in COLUMNS)
