import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tests.audio.sounds import assert_burst, burst, encode, streams, write
from yulelight.audio.decode import Decoder, blocks, probe
from yulelight.core.errors import AudioError


def decoded(path: Path) -> np.ndarray:
    return np.concatenate(list(blocks(path)))


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [
        ("a.wav", "PCM_U8", 44100),
        ("a.wav", "PCM_16", 8000),
        ("a.wav", "PCM_16", 32000),
        ("a.wav", "PCM_16", 44100),
        ("a.wav", "PCM_24", 48000),
        ("a.wav", "FLOAT", 96000),
        ("a.wav", "PCM_24", 192000),
        ("a.wav", "IMA_ADPCM", 44100),
        ("a.aiff", "PCM_16", 44100),
        ("a.flac", "PCM_24", 48000),
        ("a.ogg", "VORBIS", 44100),
        ("a.opus", "OPUS", 48000),
        ("a.mp3", "MPEG_LAYER_III", 44100),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_formats_of_soundfile(tmp_path: Path, name: str, subtype: str, rate: int, channels: int) -> None:
    sound = decoded(write(tmp_path / name, burst(rate, channels), rate, subtype))
    assert sound.dtype == np.float32
    assert_burst(sound, mono=channels == 1)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [*streams().values(), ("ipod", "aac", 44100), ("mp4", "aac", 48000), ("asf", "wmav2", 44100)],
)
def test_formats_of_ffmpeg(tmp_path: Path, container: str, codec: str, rate: int) -> None:
    path = tmp_path / "song"
    path.write_bytes(encode(burst(rate), container, codec, rate))
    assert_burst(decoded(path), early=0.06 if codec in {"aac", "wmav2"} else 0.03)


def test_samples_at_44100_pass_untouched_even_beyond_full_scale(tmp_path: Path) -> None:
    samples = burst(level=3.0)
    np.testing.assert_array_equal(decoded(write(tmp_path / "a.wav", samples, subtype="FLOAT")), samples)


def test_not_finite_samples_are_silenced(tmp_path: Path) -> None:
    samples = burst()
    samples[1000] = [np.nan, np.inf]
    sound = decoded(write(tmp_path / "a.wav", samples, rate=48000, subtype="FLOAT"))
    assert np.isfinite(sound).all()


def test_surround_is_mixed_down(tmp_path: Path) -> None:
    samples = np.zeros((44100, 6), np.float32)
    samples[:, 2] = 0.5
    left, right = decoded(write(tmp_path / "a.wav", samples)).T
    assert left.min() > 0.05
    np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("name", ["a.txt", "a.flac", "a.gsm", "a.vox", "a", "ünï\n.mp3"])
def test_the_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(tmp_path / "a.wav", burst()).rename(path)
    assert_burst(decoded(path))


def test_another_rate_can_be_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", burst())
    assert sum(len(block) for block in blocks(path, rate=22050)) == pytest.approx(3 * 22050, abs=50)


def test_probe(tmp_path: Path) -> None:
    info = probe(write(tmp_path / "a.wav", burst(48000, 1), 48000))
    assert (info.duration, info.rate, info.channels) == (3.0, 48000, 1)
    assert "wav" in info.format
    info = probe(write(tmp_path / "a.mp3", burst()))
    assert info.duration == pytest.approx(3.0, abs=0.1)
    assert "mp3" in info.format


@pytest.mark.parametrize(
    ("name", "seconds"), [("a.wav", 1.5), ("a.flac", 1.0), ("a.ogg", 0.5), ("a.opus", 0.5), ("a.mp3", 1.0)]
)
def test_truncated_files_play_as_far_as_they_go(tmp_path: Path, name: str, seconds: float) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (6 * 44100, 2))
    path = write(tmp_path / name, noise, 48000 if name == "a.opus" else 44100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with Decoder(path) as song:
        length = sum(len(block) for block in song) / 44100
    assert seconds < length < 4
    assert all("Copy it again" in warning and "\n" not in warning for warning in song.warnings)
    if name == "a.mp3":
        assert song.warnings


def test_a_cut_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "song.mka"
    data = encode(burst(), "matroska", "flac")
    path.write_bytes(data[: len(data) // 2])
    with Decoder(path) as song:
        assert sum(len(block) for block in song) > 44100
    assert "cut off" in song.warnings[0]


def test_damaged_mp3_plays_on_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.mp3", np.tile(burst(), (3, 1)))
    data = bytearray(path.read_bytes())
    for at in range(6000, len(data) - 500, 8000):
        data[at : at + 300] = np.random.default_rng(at).bytes(300)
    path.write_bytes(data)
    with Decoder(path) as song:
        assert sum(len(block) for block in song) > 7 * 44100
    assert len(song.warnings) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("rate", "minutes"), [(8000, 30), (192000, 1)])
def test_memory_stays_bounded(tmp_path: Path, rate: int, minutes: int) -> None:
    path = write(tmp_path / "a.wav", np.zeros((rate * 60 * minutes, 1), np.float32), rate, "PCM_U8")
    tracemalloc.start()
    try:
        length = sum(len(block) for block in blocks(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert length == pytest.approx(minutes * 60 * 44100, abs=100)
    assert peak < 8e6


@pytest.mark.real_audio
def test_real_music_decodes_without_a_warning(real_audio: Path) -> None:
    songs = sorted(path for path in real_audio.iterdir() if path.suffix in {".mp3", ".ogg", ".opus", ".flac"})
    assert songs
    for path in sorted(songs, key=lambda path: path.stat().st_size)[:6]:
        with Decoder(path) as song:
            length = sum(len(block) for block in song) / 44100
        assert length == pytest.approx(song.info.duration, abs=0.1)
        assert song.warnings == []


def test_a_closed_decoder_may_be_closed_again(tmp_path: Path) -> None:
    song = Decoder(write(tmp_path / "a.wav", burst()))
    song.close()
    song.close()


def test_the_error_is_an_audio_error_with_its_exit_status() -> None:
    with pytest.raises(AudioError) as caught:
        probe("/nowhere/at/all.mp3")
    assert caught.value.exit_status == 3
