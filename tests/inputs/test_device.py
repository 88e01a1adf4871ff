"""A device that records, as PortAudio's Python package shows it; the process that records is the real one.

In place of the package stands a module of the few names that are used, since test machines have no sound card.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from tests.api.page_house import settings_of
from tests.brokers import free_port
from yulelight.app.build import running
from yulelight.commands.cli import app
from yulelight.core.errors import AudioError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block
from yulelight.inputs.device import DeviceInput, listed
from yulelight.inputs.gain import Gain

PACKAGE = """
import math, os, sys, threading, time
import numpy as np

how = os.environ.get("FAKE_DEVICE", "")
if how == "missing":
    raise OSError("PortAudio library not found")
RATE = 48000 if how == "48000" else 44100

class PortAudioError(Exception):
    pass

class default:
    device = (1, 0)

def query_hostapis():
    return ({"name": "ALSA"},)

def query_devices(device=None, kind=None):
    every = [
        {"index": 0, "name": "Speaker", "hostapi": 0, "max_input_channels": 0, "default_samplerate": 44100.0},
        {"index": 1, "name": "USB  Line-in", "hostapi": 0, "max_input_channels": 2, "default_samplerate": float(RATE)},
        {"index": 2, "name": "Microphone", "hostapi": 0, "max_input_channels": 1, "default_samplerate": float(RATE)},
    ]
    if kind is None:
        return every
    if how == "unplugged":
        raise PortAudioError("Error querying device -1")
    found = [d for d in every if device in (None, d["index"]) or str(device) in d["name"]]
    if not found:
        raise ValueError(f"No input device matching {device!r}")
    return next(d for d in found if d["max_input_channels"])

def check_input_settings(device, channels, dtype, samplerate):
    if samplerate != RATE:
        raise PortAudioError("Invalid sample rate")

class InputStream:
    def __init__(self, *, samplerate, channels, dtype, device, latency, blocksize, callback, finished_callback):
        assert samplerate == RATE and dtype == "float32"
        self.channels, self.block, self.callback, self.finished = channels, blocksize, callback, finished_callback
    def __enter__(self):
        threading.Thread(target=self.run, daemon=True).start()
    def __exit__(self, *_):
        pass
    def run(self):
        begun, k = time.monotonic(), 0
        while True:
            wave = 0.05 * np.sin(2 * math.pi * 440 * (np.arange(self.block) + k) / RATE)
            self.callback(np.repeat(wave[:, None], self.channels, 1).astype("f4"), self.block, None, None)
            k += self.block
            time.sleep(max(0, begun + k / RATE - time.monotonic()))
            if how == "gone" and k > RATE / 2:
                return self.finished()
            if how == "stalls" and k > RATE / 2:
                return
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    (tmp_path / "sounddevice.py").write_text(PACKAGE)
    service = Path(__file__).parents[2] / "service"
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{service}")
    return monkeypatch


async def recorded(device: str | None, seconds: float, gain: Gain | None = None) -> np.ndarray:
    found, size = list[np.ndarray](), 0
    async with DeviceInput(Song("", "Line-in"), device, gain).open() as sound:
        async for heard in sound:
            assert isinstance(heard, Block) and heard.due is None
            found.append(heard.samples)
            size += len(heard.samples)
            if size >= seconds * 44_100:
                break
    return np.concatenate(found)


@pytest.mark.parametrize(("how", "device"), [("", None), ("", "Micro"), ("48000", "1")])
async def test_what_a_device_records_is_heard(
    package: pytest.MonkeyPatch, how: str, device: str | None
) -> None:
    package.setenv("FAKE_DEVICE", how)
    samples = (await recorded(device, 1.2))[:44_100]
    assert np.argmax(np.abs(np.fft.rfft(samples[:, 0]))) == 440
    assert np.abs(samples).max() == pytest.approx(0.05, abs=0.005)
    assert np.array_equal(samples[:, 0], samples[:, 1])


async def test_quiet_sound_is_made_louder(package: pytest.MonkeyPatch) -> None:
    samples = await recorded(None, 1.5, Gain(-50))
    assert 0.06 < np.abs(samples[-4410:]).max() < 0.1


@pytest.mark.parametrize(
    ("how", "device", "said"),
    [
        ("gone", None, "the device is disconnected; waiting for it to come back"),
        ("stalls", None, "has stopped recording"),
        ("unplugged", None, "no device that records was found .*; yulelight listen --devices"),
        ("", "Gramophone", "'Gramophone' cannot be recorded from .*No input device matching"),
        ("missing", None, "PortAudio library is missing"),
    ],
)
async def test_a_device_that_is_not_there_is_told_and_found_again(
    package: pytest.MonkeyPatch, how: str, device: str | None, said: str
) -> None:
    package.setenv("FAKE_DEVICE", how)
    with pytest.raises(AudioError, match=said):
        await recorded(device, 60)
    package.setenv("FAKE_DEVICE", "")
    assert len(await recorded(None, 0.2))


def test_devices_are_listed(package: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package.syspath_prepend(str(tmp_path))
    package.delitem(__import__("sys").modules, "sounddevice", raising=False)
    found = CliRunner().invoke(app, ["listen", "--devices"])
    assert found.exit_code == 0, found.output
    assert found.output.splitlines() == [
        "  1  USB Line-in, ALSA, stereo  (the default)",
        "  2  Microphone, ALSA, mono",
    ]


async def test_what_can_be_recorded_from_is_listed_anew_each_time(package: pytest.MonkeyPatch) -> None:
    assert [each["name"] for each in await listed()] == ["USB Line-in", "Microphone"]
    package.setenv("FAKE_DEVICE", "missing")
    with pytest.raises(AudioError, match="PortAudio library is missing"):
        await listed()


async def test_a_device_is_chosen_while_the_service_runs_and_kept(
    package: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inputs = [
        {"type": "device", "name": "Line-in"},
        {"type": "pipe", "name": "Pipe", "listen": str(free_port())},
    ]

    async def put(client: ClientSession, name: str, device: object) -> tuple[int, Any]:
        async with client.put(f"/api/v1/inputs/{name}", json={"device": device}) as answer:
            return answer.status, await answer.json()

    async with running(settings_of(tmp_path, songs=(), input=inputs)) as service:
        headers = {"Authorization": f"Bearer {service.identity.token}"}
        async with ClientSession(service.address, headers=headers) as client:
            async with client.get("/api/v1/inputs/devices") as answer:
                assert {each["name"] for each in (await answer.json())["devices"]} == {
                    "USB Line-in",
                    "Microphone",
                }
            status, told = await put(client, "Line-in", "Microphone")
            assert (status, told["inputs"][0]["device"]) == (200, "Microphone")
            assert (await put(client, "Pipe", "Microphone"))[0] == 409
            assert (await put(client, "Line-in", "x" * 201))[0] == 400
            assert (await put(client, "Line-in", 1))[0] == 400
    async with running(settings_of(tmp_path, songs=(), input=inputs)) as service:
        headers = {"Authorization": f"Bearer {service.identity.token}"}
        async with ClientSession(service.address, headers=headers) as client:
            async with client.get("/api/v1/inputs") as answer:
                assert (await answer.json())["inputs"][0]["device"] == "Microphone"
            assert (await put(client, "Line-in", ""))[1]["inputs"][0]["device"] == ""
