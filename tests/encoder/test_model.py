"""An encoder answers anything with levels in [0, 1], and a stream answers as the whole song does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.encoder import build
from yulelight.encoder.catalogue import find, known
from yulelight.encoder.model import CHUNK, Encoder, load


@pytest.fixture(scope="module", params=["dense", "with_memory"])
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    if request.param == "dense":
        return load(find("dense"))
    path = tmp_path_factory.mktemp("models") / "memory.onnx"
    path.write_bytes(build.with_memory())
    return load(path)


def spectra(frames: int, seed: int = 1) -> np.ndarray:
    """Frames between silence and full scale, as music has them."""
    return (10 ** np.random.default_rng(seed).uniform(-4, 0, (frames, 513))).astype(np.float32)


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, 300), max_size=12), seed=st.integers(0, 1000))
def test_stream_agrees_with_batch_however_it_is_cut(encoder: Encoder, cuts: list[int], seed: int) -> None:
    song = spectra(300, seed)
    stream = encoder.stream()
    parts = [stream.step(part) for part in np.split(song, sorted(cuts))]
    assert np.concatenate(parts) == pytest.approx(encoder.encode(song), abs=2e-6)


def test_frame_by_frame_agrees_with_batch_across_chunks(encoder: Encoder) -> None:
    song = np.tile(spectra(64), (CHUNK // 64 + 1, 1))
    stream = encoder.stream()
    single = np.concatenate([stream.step(frame[None]) for frame in song])
    assert encoder.encode(song) == pytest.approx(single, abs=2e-6)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [0.0, -1.0, 1e-42, 1e-9, 0.5, 1.0, 1e9, 3e38, float("inf"), -float("inf"), float("nan")]
        ),
        min_size=1,
        max_size=20,
    )
)
def test_levels_are_finite_and_in_range_for_hostile_magnitudes(encoder: Encoder, values: list[float]) -> None:
    hostile = np.resize(np.asarray(values, np.float32), (9, 513))
    before = hostile.copy()
    levels = encoder.encode(hostile)
    assert levels.shape == (9, 8)
    assert levels.dtype == np.float32
    assert np.isfinite(levels).all()
    assert levels.min() >= 0
    assert levels.max() <= 1
    assert np.array_equal(hostile, before, equal_nan=True), "the caller's array was changed"


def test_odd_frame_does_not_spoil_those_after_it(encoder: Encoder) -> None:
    stream = encoder.stream()
    stream.step(np.full((3, 513), np.nan, np.float32))
    song = spectra(20)
    assert stream.step(song) == pytest.approx(encoder.encode(song), abs=2e-6)


def test_no_frames_give_no_levels(encoder: Encoder) -> None:
    assert encoder.encode(np.zeros((0, 513), np.float32)).shape == (0, 8)


def test_doubles_and_strides_are_taken(encoder: Encoder) -> None:
    song = spectra(40)
    doubles: Any = song.astype(np.float64)
    assert encoder.encode(doubles[::2]) == pytest.approx(encoder.encode(song[::2].copy()), abs=2e-6)


@pytest.mark.parametrize("shape", [(513,), (4, 512), (2, 4, 513)])
def test_other_shapes_are_refused(encoder: Encoder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must be \\(frames, 513\\)"):
        encoder.encode(np.zeros(shape, np.float32))


def test_threads_share_an_encoder(encoder: Encoder) -> None:
    songs = [spectra(500, seed) for seed in range(4)]
    alone = [encoder.encode(song) for song in songs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode, songs * 4))
    for index, levels in enumerate(together):
        assert np.array_equal(levels, alone[index % 4])


def test_a_voice_head_tells_of_every_frame(tmp_path: Path) -> None:
    """Its answer is as long as the levels, however the song is cut, and models without one have none."""
    path = tmp_path / "voice.onnx"
    path.write_bytes(build.with_voice(channel="3"))
    encoder, song = load(path), spectra(CHUNK + 90)
    assert encoder.manifest.voice_channel == 2
    stream = encoder.stream()
    heard = [stream.hear(part) for part in np.split(song, [1, 40, 41])]
    voice = np.concatenate([one.voice for one in heard])
    assert voice[:, 0] == pytest.approx(1 / (1 + np.exp(-song[:, 100])), abs=1e-5)
    assert np.concatenate([one.levels for one in heard]) == pytest.approx(encoder.encode(song), abs=2e-6)
    without = load(find("dense")).stream().hear(song[:7])
    assert without.voice.shape == (7, 0) and without.levels.shape == (7, 8)


def test_streams_do_not_share_their_past(encoder: Encoder) -> None:
    one, other = encoder.stream(), encoder.stream()
    one.step(spectra(10, 1))
    song = spectra(10, 2)
    assert np.array_equal(other.step(song), encoder.encode(song))


@pytest.mark.parametrize("name", sorted(known()))
def test_shipped_models_say_what_they_are(name: str) -> None:
    manifest = load(find(name)).manifest
    assert manifest.name == name
    assert manifest.latency_frames == 0
    assert "CC" in manifest.training_set
    metrics = manifest.metrics
    assert metrics["explained_variance"] > 0.65
    assert min(metrics["channel_std"]) > 0.05
    assert metrics["mean_abs_correlation"] <= 0.35 or name == "bands"


def test_dense_model_tells_low_from_high() -> None:
    """A bass tone and a cymbal hiss must not look the same."""
    low, high = np.full((2, 1, 513), 1e-4, np.float32)
    low[:, 2:8], high[:, 120:400] = 0.3, 0.02
    encoder = load(find("dense"))
    assert np.abs(encoder.encode(low) - encoder.encode(high)).max() > 0.3


@pytest.mark.real_audio
def test_no_channel_is_dead_on_music_it_never_heard(real_audio: Path) -> None:
    from yulelight.lab.training.dataset import listen, read_manifest

    encoder = load(find("dense"))
    songs = [track for track in read_manifest(real_audio) if track.role == "validate"]
    assert songs
    for track in songs[:3]:
        levels = encoder.encode(listen(track, 10_000))
        assert levels.std(axis=0).min() > 0.03, track.title
        stuck = ((levels < 0.01) | (levels > 0.99)).mean(axis=0).max()
        assert stuck < 0.5, track.title
