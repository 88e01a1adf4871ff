"""Loads encoder models and runs them on a whole song or on a stream.

encoder = load(find("dense", folders=()))
levels = encoder.encode(magnitudes)          # (frames, 513) -> (frames, 8)
stream = encoder.stream()
levels = stream.step(magnitudes)             # the next frames, as many as there are
"""

from collections.abc import Callable
from functools import cached_property
from hashlib import blake2s
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder import runtime, voices
from yulelight.encoder.contract import INPUT, OUTPUT, VOICE, Answer, State, check_answers, check_shapes
from yulelight.encoder.manifest import BINS, Manifest, parse
from yulelight.encoder.single import SingleFrames
from yulelight.encoder.voices import Voices

MAX_FILE_BYTES = 200_000_000
"""Bytes; larger models are refused without being read."""
LOUDEST = 1e4
"""Magnitudes are clipped to this (80 dB over a full-scale sine, which no music reaches)."""
CHUNK = 1024
"""Most frames that one call of the model sees: 2 MB, which stay in the processor's caches from node to node. Four times
as many take 3 to 20 % longer a frame. An hour of music needs no more memory than a minute."""

Floats = npt.NDArray[np.float32]


class Encoded(NamedTuple):
    """What an encoder makes of n frames."""

    levels: Floats
    """(n, channels) in [0, 1]."""
    voice: Floats
    """(n, 1) in [0, 1], how bright the voice is; (n, 0) of a model without a voice head."""


class Encoder:
    """A valid model. Immutable: threads and streams can share it."""

    def __init__(
        self,
        session: Callable[[], Any],
        manifest: Manifest,
        states: dict[str, tuple[int, ...]],
        mark: str,
        *,
        path: Path,
        voices: Callable[[], Voices | None],
    ) -> None:
        self.path = path
        """The path of its file, for use by another process."""
        self.manifest = manifest
        self.mark = mark
        """Identifies the content of the model and its voice separator, so that different files of the same name
        differ."""
        self._open, self._open_voices = session, voices
        self._states = states
        heads = [VOICE] if manifest.voice_channel is not None else []
        self._outputs = [OUTPUT, *heads, *(f"next_{name}" for name in states)]

    @cached_property
    def voices(self) -> Voices | None:
        """The voice separator for rendering in advance, if there is one next to the model."""
        return self._open_voices()

    @cached_property
    def _session(self) -> Any:
        return self._open()

    @cached_property
    def rest(self) -> Floats:
        """The levels of silence (8,)."""
        return np.asarray(self.encode(np.zeros((1, BINS), np.float32))[0])

    def encode(self, magnitudes: Floats) -> Floats:
        """Levels (frames, 8) in [0, 1] of a whole song's magnitudes (frames, 513), as float32.

        Whatever the magnitudes are, the levels are finite and in range: NaN and negative numbers count as silence,
        infinity and anything above LOUDEST as LOUDEST. Raises ValueError for another shape than (frames, 513).
        """
        return self.stream().step(magnitudes)

    def stream(self) -> "EncoderStream":
        """A new stream, at the start of its song."""
        return EncoderStream(self)

    @property
    def state_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor of the state, by its name."""
        return dict(self._states)

    def zeros(self) -> State:
        """The state at the start of a song."""
        return {name: np.zeros(shape, np.float32) for name, shape in self._states.items()}

    def run(self, magnitudes: Floats, state: State) -> Answer:
        """Runs the model once without cleaning or checking."""
        levels, *after = self._session.run(self._outputs, {INPUT: magnitudes, **state})
        head = self.manifest.voice_channel is not None
        voice = after.pop(0) if head else np.zeros((len(levels), 0), np.float32)
        return Answer(levels, voice, dict(zip(self._states, after, strict=True)))

    def single(self) -> SingleFrames:
        """Runs the model on single frames of one stream."""
        return SingleFrames(self._session, self._states, voice=self.manifest.voice_channel is not None)


class EncoderStream:
    """Encodes one song or live stream step by step. Not thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._state = encoder.zeros()
        self._single: SingleFrames | None = None

    def step(self, magnitudes: Floats) -> Floats:
        """Levels (n, 8) of the next n >= 0 frames (n, 513). However a song is cut into steps, its levels are the same
        to float rounding, and those of ``Encoder.encode``, which says how odd magnitudes are treated.
        """
        return self.hear(magnitudes).levels

    def hear(self, magnitudes: Floats) -> Encoded:
        """As ``step``, with the voice."""
        if magnitudes.ndim != 2 or magnitudes.shape[1] != BINS:
            raise ValueError(f"magnitudes have the shape {magnitudes.shape}, must be (frames, {BINS})")
        if len(magnitudes) == 1:
            shown, sung, self._state = self._run(_within(magnitudes, LOUDEST))
            return Encoded(_within(shown, 1.0), _within(sung, 1.0))
        levels = np.empty((len(magnitudes), CHANNELS), np.float32)
        head = self._encoder.manifest.voice_channel is not None
        voice = np.zeros((len(magnitudes), int(head)), np.float32)
        for start in range(0, len(magnitudes), CHUNK):
            part = slice(start, start + CHUNK)
            levels[part], voice[part], self._state = self._run(_within(magnitudes[part], LOUDEST))
        return Encoded(_within(levels, 1.0), _within(voice, 1.0))

    def _run(self, magnitudes: Floats) -> Answer:
        if len(magnitudes) != 1:
            return self._encoder.run(magnitudes, self._state)
        if self._single is None:
            self._single = self._encoder.single()
        return self._single.run(magnitudes, self._state)


def load(path: Path) -> Encoder:
    """Opens the model at ``path`` and checks it against the contract.

    Raises ModelError with one line that names the file, what is wrong with it and what to do. Takes some ten
    milliseconds: call it in an executor.
    """
    return _checked(path)[0]


def described(path: Path) -> dict[str, Any]:
    """Loads like ``load``, and returns, as JSON, what ``opened_later`` needs. Raises ModelError."""
    encoder, props = _checked(path)
    return {"props": props, "states": encoder.state_shapes, "mark": encoder.mark}


def opened_later(path: Path, found: dict[str, Any]) -> Encoder:
    """The model that ``described`` has checked; it is opened when it first runs, which raises ModelError if the file
    has changed by then.
    """
    manifest = parse(found["props"])

    def same() -> Any:
        data = _read(path)
        if _checksum(data) not in found["mark"]:
            raise ModelError("was replaced while the service runs; start the service again")
        return _open(data)

    def session() -> Any:
        try:
            return same()
        except ModelError as error:
            raise ModelError(f"model {path.name} {error}") from error.__cause__

    states = {name: tuple(shape) for name, shape in found["states"].items()}
    return Encoder(
        session,
        manifest,
        states,
        found["mark"],
        path=path,
        voices=lambda: voices.load(voices.beside(path)),
    )


def _checked(path: Path) -> tuple[Encoder, dict[str, str]]:
    try:
        data = _read(path)
        session = _open(data)
        props = session.get_modelmeta().custom_metadata_map
        manifest = parse(props)
        has_voice = manifest.voice_channel is not None
        states = check_shapes(session.get_inputs(), session.get_outputs(), voice=has_voice)
        separator = voices.load(voices.beside(path))
        mark = f"{manifest.name}-{_checksum(data)}{f'-{separator.mark}' if separator else ''}"
        encoder = Encoder(lambda: session, manifest, states, mark, path=path, voices=lambda: separator)
        _probe(encoder)
    except ModelError as error:
        raise ModelError(f"model {path.name} {error}") from error.__cause__
    return encoder, props


def _checksum(data: bytes) -> str:
    return blake2s(data).hexdigest()[:16]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1) if path.stat().st_size <= MAX_FILE_BYTES else None
    except OSError as error:
        raise ModelError(
            f"cannot be read from {path.parent} ({error.strerror}); choose another model"
        ) from error
    if data is None or len(data) > MAX_FILE_BYTES:
        raise ModelError(f"is larger than {MAX_FILE_BYTES // 1_000_000} MB; choose another model")
    if not data:
        raise ModelError("is an empty file; fetch it again")
    return data


def _open(data: bytes) -> Any:
    try:
        return runtime.opened(data)
    except Exception as error:  # onnxruntime's exceptions have no common base but this
        raise ModelError(
            "is damaged or is not an ONNX model that onnxruntime can run; fetch or export it again"
        ) from error


def _probe(encoder: Encoder) -> None:
    try:
        check_answers(encoder.run, encoder.zeros)
    except ModelError:
        raise
    except Exception as error:  # as in _open
        raise ModelError("fails while it runs; export it again or choose another") from error


def _within(values: Floats, highest: float) -> Floats:
    """The values clipped to [0, highest], NaN as 0. Returns the argument itself if nothing had to be changed.

    A model may fail for music although it passed the checks; such values must not reach the lights.
    """
    if values.size == 0 or (values.min() >= 0.0 and values.max() <= highest):  # false for NaN
        return np.asarray(values, np.float32)
    finite = np.nan_to_num(values, nan=0.0, posinf=highest, neginf=0.0)
    return np.asarray(np.clip(finite, 0.0, highest), np.float32)
