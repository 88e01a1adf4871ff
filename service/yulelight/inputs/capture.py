"""The process that records from a sound device: `python -m yulelight.inputs.capture [--device NAME]`.

It writes stereo float32 at 44.1 kHz to its standard output until nobody reads it, or ends with a sentence on its
standard error. It is a process of its own, since PortAudio sees devices that are plugged in later only when it starts
anew, and a driver that hangs must not stop the service.
"""

import argparse
import json
import queue
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np

from yulelight.audio.resample import Resampler
from yulelight.core.errors import YulelightError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import HOP, RATE

PATIENCE = 3.0
"""Seconds within which a device must deliver sound."""
BLOCKS = 64
"""Recorded blocks that may wait to be written; then the oldest is dropped."""


@dataclass(frozen=True, slots=True)
class Device:
    """A recording device."""

    index: int
    name: str
    system: str
    """The sound system of the device, such as ALSA."""
    channels: int
    default: bool


class CaptureError(YulelightError):
    """A device cannot be recorded from."""


def sounddevice() -> Any:
    """The package. Raises CaptureError where its library is missing."""
    try:
        import sounddevice as found
    except (ImportError, OSError):
        raise CaptureError(
            "the PortAudio library is missing (on Debian: apt install libportaudio2)"
        ) from None
    return found


def devices() -> list[Device]:
    """The recording devices. Blocking. Raises CaptureError."""
    package = sounddevice()
    try:
        systems, default = package.query_hostapis(), package.default.device[0]
        return [
            Device(
                each["index"],
                " ".join(each["name"].split()),
                systems[each["hostapi"]]["name"],
                each["max_input_channels"],
                each["index"] == default,
            )
            for each in package.query_devices()
            if each["max_input_channels"] > 0
        ]
    except package.PortAudioError as error:
        raise CaptureError(f"the sound devices cannot be listed ({error})") from None


def record(device: str | None, out: BinaryIO) -> None:
    """Records until ``out`` is closed. Raises CaptureError."""
    package = sounddevice()
    blocks: queue.Queue[Floats | None] = queue.Queue(BLOCKS)

    def put(block: Floats | None) -> None:
        while True:
            try:
                blocks.put_nowait(block)
                return
            except queue.Full:
                with_room = blocks.get_nowait()
                if with_room is None:
                    return

    def callback(data: Floats, count: int, times: Any, status: Any) -> None:
        put(data.copy())

    chosen = int(device) if device is not None and device.isdecimal() else device
    try:
        about = package.query_devices(chosen, "input")
        rate = RATE if _supports(package, chosen) else int(about["default_samplerate"])
        stream = package.InputStream(
            samplerate=rate,
            channels=min(2, about["max_input_channels"]),
            dtype="float32",
            device=chosen,
            latency="low",
            blocksize=HOP,
            callback=callback,
            finished_callback=lambda: put(None),
        )
    except (package.PortAudioError, ValueError) as error:
        name = "no device that records was found" if device is None else f"{device!r} cannot be recorded from"
        raise CaptureError(
            f"{name} ({' '.join(str(error).split())}); yulelight listen --devices lists them"
        ) from None
    with stream:
        _write(blocks, Resampler(RATE), rate, out)


def _supports(package: Any, device: int | str | None) -> bool:
    try:
        package.check_input_settings(device, channels=1, dtype="float32", samplerate=RATE)
    except package.PortAudioError:
        return False
    return True


def _write(blocks: "queue.Queue[Floats | None]", resampler: Resampler, rate: int, out: BinaryIO) -> None:
    while True:
        try:
            block = blocks.get(timeout=PATIENCE)
        except queue.Empty:
            raise CaptureError("the device has stopped recording; waiting for it to come back") from None
        if block is None:
            raise CaptureError("the device is disconnected; waiting for it to come back")
        out.write(resampler.push(block, rate).astype(np.dtype("<f4")).tobytes())
        out.flush()


def main(words: Sequence[str] | None = None) -> int:
    """Runs the process; exit status 1 after an error message on standard error."""
    parser = argparse.ArgumentParser(prog="yulelight.inputs.capture")
    parser.add_argument("--device")
    parser.add_argument("--list", action="store_true")
    told = parser.parse_args(words)
    try:
        if told.list:
            sys.stdout.write(json.dumps([asdict(each) for each in devices()]))
            return 0
        record(told.device, sys.stdout.buffer)
    except CaptureError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
