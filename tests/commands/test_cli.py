"""The command line as a user meets it: every failure is one clear line and an exit status, never a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.brokers import free_port
from yulelight.app.music import CAROL
from yulelight.core.identity import load_or_make

RATE = 22_050


def in_clone() -> bool:
    """Whether scripts/setup made the environment of the tests."""
    return (Path(sys.prefix) / ".stamp").exists()


def yulelight(*arguments: object, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "400"}
    return subprocess.run(
        [sys.executable, "-m", "yulelight", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        check=False,
    )


def assert_one_line(result: subprocess.CompletedProcess[str], status: int, *said: str) -> None:
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert result.returncode == status, result.stderr
    assert len(lines) == 1, result.stderr
    for text in said:
        assert text in lines[0]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of two alternating tones, silent at both ends."""
    times = np.arange(4 * RATE) / RATE
    tone = np.sin(2 * np.pi * np.where(times % 0.5 < 0.25, 220, 1760) * times) * 0.5
    tone[: RATE // 2] = tone[-RATE // 2 :] = 0
    path = tmp_path_factory.mktemp("songs") / "tones.flac"
    soundfile.write(path, tone, RATE)
    return path


def test_help_of_every_command_says_what_it_is_for() -> None:
    overview = yulelight("--help").stdout
    for command in ("demo", "serve", "node", "render", "evaluate", "token", "doctor"):
        assert command in overview
        assert len(yulelight(command, "--help").stdout) > 300


def test_render_writes_the_arrays(song: Path, tmp_path: Path) -> None:
    output = tmp_path / "show.npz"
    result = yulelight("render", song, "-o", output)
    assert result.returncode == 0, result.stderr
    with np.load(output, allow_pickle=False) as show:
        frames = 1 + 4 * 44_100 // 512
        assert show["levels"].shape == (frames, 8) and show["levels"].dtype == np.uint8
        assert show["switched"].shape == (frames, 8) and show["switched"].dtype == np.bool_
        assert float(show["rate"]) == pytest.approx(44_100 / 512)
        assert show["sections"].tolist() == [0.0]
        assert set(show["downbeats"].tolist()) <= set(show["beats"].tolist())
        assert not show["switched"][:20].any()
        assert show["levels"][60:-60].any()


def test_render_writes_what_the_live_path_shows(song: Path, tmp_path: Path) -> None:
    output = tmp_path / "live.npz"
    assert yulelight("render", song, "--live", "--look-ahead", "2", "-o", output).returncode == 0
    with np.load(output, allow_pickle=False) as show:
        frames = 1 + 4 * 44_100 // 512
        assert show["levels"].shape == show["switched"].shape == (frames, 8)
        assert float(show["rate"]) == pytest.approx(44_100 / 512) and show["sections"][0] == 0.0
        assert not show["switched"][:20].any() and show["levels"][60:-60].any()
    assert yulelight("render", song, "--live", "-o", output).returncode == 0
    with np.load(output, allow_pickle=False) as show:
        assert show["levels"].shape == (frames + 1, 8)  # light comes when the sound has come
    assert_one_line(yulelight("render", song, "--look-ahead", "2", "-o", output), 2, "--live")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.mp3", None, "missing.mp3"),
        ("empty.mp3", b"", "empty.mp3"),
        ("text.wav", b"this is no music at all, only words " * 50, "text.wav"),
        ("zeros.mp3", bytes(50_000), "zeros.mp3"),
    ],
)
def test_a_song_that_cannot_be_read(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert_one_line(yulelight("render", path, "-o", tmp_path / "out.npz"), 3, said)
    assert not (tmp_path / "out.npz").exists()


def test_a_song_cut_off_is_rendered_and_told(song: Path, tmp_path: Path) -> None:
    (tmp_path / "part.flac").write_bytes(song.read_bytes()[: song.stat().st_size // 2])
    result = yulelight("render", tmp_path / "part.flac", "-o", tmp_path / "out.npz")
    assert result.returncode == 0, result.stderr
    assert "part.flac" in result.stderr.splitlines()[0] and "Copy it again" in result.stderr
    assert (tmp_path / "out.npz").exists()


def test_a_full_disk_keeps_the_old_show_and_says_what_to_do(song: Path, tmp_path: Path) -> None:
    output = tmp_path / "show.npz"
    output.write_bytes(b"the old show")
    limited = (
        "import resource, runpy\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "runpy.run_module('yulelight')"
    )
    result = subprocess.run(
        [sys.executable, "-c", limited, "render", str(song), "-o", str(output)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert_one_line(result, 2, "cannot write", "show.npz", "make room")
    assert output.read_bytes() == b"the old show" and len(list(tmp_path.iterdir())) == 1


def test_a_show_never_replaces_its_song(song: Path) -> None:
    before = song.read_bytes()
    assert_one_line(yulelight("render", song, "-o", song), 2, "is the song itself", "-o")
    assert song.read_bytes() == before


def test_an_unknown_model_lists_the_known_ones(song: Path, tmp_path: Path) -> None:
    result = yulelight("render", song, "-o", tmp_path / "out.npz", "--model", "best")
    assert_one_line(result, 4, "best", "dense")


def test_a_model_that_is_none(song: Path, tmp_path: Path) -> None:
    (tmp_path / "fake.onnx").write_bytes(b"not a model")
    result = yulelight("render", song, "-o", tmp_path / "out.npz", "--model", "fake", "--models", tmp_path)
    assert_one_line(result, 4, "fake")


def test_a_folder_of_models_that_is_not_there(song: Path, tmp_path: Path) -> None:
    result = yulelight("render", song, "-o", tmp_path / "out.npz", "--models", tmp_path / "nowhere")
    assert_one_line(result, 4, "nowhere")


def test_an_output_that_is_no_file(song: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert_one_line(yulelight("render", song, "-o", tmp_path / "pipe"), 2, "choose another place with -o")
    assert_one_line(yulelight("render", song, "-o", tmp_path), 2, "choose another place with -o")


def test_an_output_folder_that_is_not_there(song: Path, tmp_path: Path) -> None:
    assert_one_line(
        yulelight("render", song, "-o", tmp_path / "no" / "out.npz"), 2, "there is no folder", "-o"
    )


@pytest.mark.parametrize("option", ["--http-port", "--mqtt-port"])
def test_a_port_in_use(tmp_path: Path, option: str) -> None:
    ports = {"--http-port": free_port(), "--mqtt-port": free_port()}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports[option] = taken.getsockname()[1]
        flags = [text for pair in ports.items() for text in pair]
        result = yulelight(
            "serve", "--data", tmp_path, "--host", "127.0.0.1", "--no-zeroconf", "--no-audio", *flags
        )
    said = result.stderr.splitlines()[-1]
    assert result.returncode == 5 and "Traceback" not in result.stderr
    assert str(ports[option]) in said and "in use" in said and option in said


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid", "a" * 80])
def test_an_address_that_is_not_of_this_machine(tmp_path: Path, host: str) -> None:
    for broker in ((), ("--broker", f"mqtt://127.0.0.1:{free_port()}")):
        ports = ("--http-port", free_port(), "--mqtt-port", free_port())
        result = yulelight(
            "serve", "--data", tmp_path, "--host", host, "--no-zeroconf", "--no-audio", *ports, *broker
        )
        said = result.stderr.splitlines()[-1]
        assert result.returncode == 5 and "Traceback" not in result.stderr
        assert host in said and "--host" in said and "-port" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--broker", "http://x"), "mqtt://"),
        (("serve", "--config", "/nowhere.toml"), "--config"),
        (("serve", "--http-port", "99999"), "http.port"),
        (("node", "--driver", "magic"), "simulated"),
        (("node", "--broker", "mqtt://"), "mqtt://"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    data = ("--data", tmp_path)
    assert_one_line(yulelight(*arguments, *data), 2, said)


def test_token_is_the_services_and_stays(tmp_path: Path) -> None:
    made = load_or_make(tmp_path)
    for _ in range(2):
        assert yulelight("token", "--data", tmp_path).stdout.strip() == made.token
    assert yulelight("token", "--broker", "--data", tmp_path).stdout.startswith("yulelight ")


@pytest.mark.parametrize(
    "command", [("token",), ("playlist", "play", "Evening"), ("doctor",), ("calibrate",)]
)
def test_a_folder_without_a_service_stays_as_it_is(command: tuple[str, ...], tmp_path: Path) -> None:
    """A token made there would open nothing."""
    result = yulelight(*command, "--data", tmp_path / "nosuch")
    assert "no service has run with" in result.stderr + result.stdout, result.stderr
    assert "--data" in result.stderr + result.stdout
    assert result.returncode != 0 or command == ("doctor",)
    assert not list(tmp_path.iterdir())


def test_a_damaged_identity_is_told(tmp_path: Path) -> None:
    (tmp_path / "identity.json").write_text("{")
    assert_one_line(yulelight("token", "--data", tmp_path), 2, "identity.json", "damaged")
    assert (tmp_path / "identity.json").read_text() == "{"


def test_doctor_says_what_to_do(tmp_path: Path) -> None:
    music = tmp_path / "music"
    music.mkdir()
    (music / "broken.mp3").write_bytes(b"\x00" * 1000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = yulelight(
            "doctor", "--data", tmp_path / "data", "--music", music, "--http-port", port,
            "--broker", f"mqtt://127.0.0.1:{free_port()}", "--model", "nonsense",
        )  # fmt: skip
    assert result.returncode == 1
    for said in (
        "choose another port with --http-port",
        "broken.mp3",
        "check that the broker runs",
        "nonsense",
    ):
        assert said in result.stdout, result.stdout
    assert "Traceback" not in result.stderr


def test_doctor_counts_songs_and_tells_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.ogg").write_bytes(CAROL.read_bytes())
    places = ("--music", tmp_path / "music", "--music", tmp_path / "stick")
    ports = ("--http-port", free_port(), "--mqtt-port", free_port())
    said = " ".join(yulelight("doctor", "--data", tmp_path / "data", *places, *ports).stdout.split())
    assert "1 song in 2 places, and the bundled carol" in said
    assert "is not there now" in said


def test_doctor_is_content_when_all_is_well(tmp_path: Path) -> None:
    result = yulelight("doctor", "--data", tmp_path, "--http-port", free_port(), "--mqtt-port", free_port())
    assert result.returncode == 0, result.stdout
    assert "✘" not in result.stdout


def test_demo_plays_a_song_to_its_end(song: Path, tmp_path: Path) -> None:
    result = yulelight("demo", song, "--no-audio", "--data", tmp_path, "--http-port", free_port())
    assert result.returncode == 0, result.stderr
    assert "All lights are off" in result.stdout
    assert "token=" in result.stdout
    assert "Home Assistant" in result.stdout
    assert int(result.stdout.split(" light frames were shown")[0].split()[-1]) > 250


def test_the_seconds_of_a_demo_are_those_of_the_show(tmp_path: Path) -> None:
    """Rendering the carol alone takes longer than one of them."""
    result = yulelight(
        "demo", "--no-audio", "--seconds", "3", "--data", tmp_path,
        "--http-port", free_port(), "--mqtt-port", (port := free_port()),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert f"port {port}, protocol 3.1.1" in result.stdout, "a broker for Home Assistant's lights"
    assert "\n0:01  [" in result.stdout
    assert int(result.stdout.split(" light frames were shown")[0].split()[-1]) > 100


def test_demo_leaves_the_house_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YULELIGHT_DATA", str(tmp_path))
    (tmp_path / "state.json").write_text("the house's")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "state.json").write_text(dark := '{"left by": "a demo in blackout"}')
    result = yulelight("demo", "--no-audio", "--seconds", "1", "--http-port", free_port())
    assert result.returncode == 0, result.stderr
    assert "cannot be used" not in result.stderr  # nobody read it
    assert (tmp_path / "demo" / "state.json").read_text() != dark
    assert (tmp_path / "demo" / "identity.json").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name != "demo"] == ["state.json"]
    assert (tmp_path / "state.json").read_text() == "the house's"


def test_demo_of_no_music_ends_with_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp3"
    bad.write_bytes(b"no music" * 100)
    result = yulelight(
        "demo", bad, "--no-audio", "--data", tmp_path, "--http-port", free_port(), "--mqtt-port", free_port()
    )
    assert_one_line(result, 3, "bad.mp3")


def test_a_look_that_is_not_there_is_named_with_those_that_are(song: Path, tmp_path: Path) -> None:
    output = tmp_path / "show.npz"
    assert_one_line(
        yulelight("render", song, "-o", output, "--look", "disco"),
        2,
        "'disco'",
        "lively, classic, calm",
    )
    assert not output.exists()
    assert yulelight("render", song, "-o", output, "--look", "classic").returncode == 0
    with np.load(output) as show:
        assert np.array_equal(show["levels"], 255 * show["switched"].astype(np.uint8))


def test_a_node_without_the_service_says_what_to_install(tmp_path: Path) -> None:
    """As on a Raspberry Pi Zero: what only the service needs is not there, and the node does not miss it."""
    hide = "import sys; sys.modules.update(dict.fromkeys(['numpy', 'aiohttp', 'onnxruntime', 'av', 'soundfile']))"
    run = f"{hide}; from yulelight.commands.cli import main; sys.argv = ['yulelight', *sys.argv[1:]]; main()"

    def bare(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", run, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    for command in (("render", "x.mp3", "-o", tmp_path / "x.npz"), ("doctor", "--data", tmp_path)):
        assert_one_line(bare(*command), 2, "install it: ", "service" if in_clone() else "numpy")
    assert_one_line(bare("node", "--driver", "magic"), 2, "simulated")
