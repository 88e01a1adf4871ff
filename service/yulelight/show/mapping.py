"""Maps the codes of a whole song to levels and states."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.analysis.components import principal_components
from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Sparse
from yulelight.safety.frame import LightFrame
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState
from yulelight.show.changes import events
from yulelight.show.envelope import fade, follow, gate, smooth
from yulelight.show.flash_planning import limit_swings
from yulelight.show.limited import in_bytes, limited
from yulelight.show.look import Look
from yulelight.show.normalise import Range, quantiles
from yulelight.show.readout import Reading, learnt
from yulelight.show.rests import rests
from yulelight.show.states import Wish, choose, told, wish
from yulelight.show.stretches import Stretches, cut
from yulelight.show.telling import Told, retold, told_by
from yulelight.show.voice import FAITHFUL, blended

Array = npt.NDArray[np.float32]

VERSION = 11
"""Increase it whenever the same song, model and look give a different show: stored shows are then rendered again."""
RETOLD_SHARE = 0.25
"""How far a light's share of the time follows its adjusted level instead of the network's. More of it gives the states
more structure, but these levels grow with loudness whoever leads them, noise too (docs/findings.md)."""
AT_REST = 0.05
"""Channels whose code for silence is below this are dark in silence; the range of others begins at their LOW
quantile."""
LOW = 0.08
WITHIN = 0.15
"""Seconds between times at which lights may go off."""
AROUND = 4.0
"""Seconds that a level is compared with, to stand out from them."""
SWELLING = 3.0
"""Seconds over which the loudness for ``swell`` is averaged."""


@dataclass(frozen=True, slots=True)
class Music:
    """The input of the mapping: frames of a song at ``rate`` per second, from the spectrum and the encoder."""

    codes: Array
    """(frames, channels) in [0, 1]."""
    loudness: Array
    """(frames,) dBFS."""
    onsets: tuple[int, ...]
    """Frames of onsets."""
    beats: tuple[int, ...]
    rate: float
    rest: Array
    """The codes of silence (channels,)."""
    bars: tuple[int, ...] = ()
    """Frames at which bars begin."""
    sections: tuple[int, ...] = ()
    """Frames at which sections begin, except the first."""
    power: Array | None = None
    """(frames, bands): how loud the song is where; without it, the codes say what it sounds like."""
    sparse: Sparse | None = None
    """How codes become levels; None: they are levels, each channel stretched to the song's range."""
    voice: Array | None = None
    """(frames,) how bright the voice is, in [0, 1]; None where nobody sings or nothing tells."""
    voice_channel: int = 0
    """The channel that shows it instead of its own code."""
    meaning: Meaning | None = None
    """What states say of the codes in every song; None: each song has a reading of its own."""


def map_song(music: Music, look: Look) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Levels uint8 and switched bool, both (frames, channels).

    Ranges are those of the song's audible frames, so that silent ends do not squeeze the music.
    """
    levels, switched, _ = map_piece(music, look, LimiterState.dark(music.codes.shape[1]))
    return levels, switched


def map_piece(
    music: Music, look: Look, output: LimiterState, start: float = 0.0
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_], LimiterState]:
    """As ``map_song``, for a piece of a song that begins at ``start`` seconds with the lights as ``output`` has them.

    The third is how the lights stand at its end.
    """
    frames, channels = music.codes.shape
    if frames == 0:
        return np.zeros((0, channels), np.uint8), np.zeros((0, channels), np.bool_), output
    seen, open_gate = _seen(music, look)
    shaped = _retold(music, seen, open_gate, look)
    share = (seen + RETOLD_SHARE * (shaped - seen)) * open_gate[:, None]
    wanted = _switched(music, share, open_gate > 0.5, look)
    levels = _levels(music, shaped, open_gate, wanted, look)
    limits = Limits.even(channels, look.minimum)
    times = [start + k / music.rate for k in range(frames)]
    emitted, output = limited(output, in_bytes(levels), wanted, limits, times)
    put = np.frombuffer(b"".join(frame[0] for frame in emitted), np.uint8).reshape(frames, channels)
    on = np.array([frame[1] for frame in emitted], np.bool_)
    return (np.where(on, np.uint8(255), np.uint8(0)) if _follows_states(look) else put), on, output


def _seen(music: Music, look: Look) -> tuple[Array, Array]:
    """Levels (frames, channels) that follow the codes and the voice, and how far the gate is open (frames,)."""
    open_gate = gate(smooth(music.loudness[:, None], 0.1 * music.rate)[:, 0], look.gate_floor, look.gate_span)
    return _with_voice(music, _shaped(music, open_gate > 0.5, look), look), open_gate


def _with_voice(music: Music, shaped: Array, look: Look) -> Array:
    if music.voice is None:
        return shaped
    return blended(shaped, music.voice_channel, music.voice, 1.0, look.voice)


def _shaped(music: Music, audible: npt.NDArray[np.bool_], look: Look) -> Array:
    """Levels (frames, channels) that follow the codes."""
    heard = music.codes[audible]
    if music.sparse is None:
        return _range(heard, music.rest, look).apply(music.codes)
    return music.sparse.levels(music.codes, music.sparse.average(heard), music.rest)


def _retold(music: Music, shaped: Array, open_gate: Array, look: Look) -> Array:
    """``shaped``, or, if the model has a reading for all songs, levels of which more can be told by it."""
    if music.meaning is None or music.sparse is None:
        return shaped
    own = _shaped(music, open_gate > 0.5, look) * open_gate[:, None]
    return _with_voice(music, retold(own, _known(music, open_gate), music.meaning), look)


def _levels(
    music: Music, shaped: Array, open_gate: Array, wanted: npt.NDArray[np.bool_], look: Look
) -> Array:
    """Levels (frames, channels) before the limits."""
    if look.levels == "switched":
        return smooth(wanted.astype(np.float32), look.smooth * music.rate)
    around = smooth(shaped, AROUND * music.rate)
    swell = 10 ** (look.swell * _louder(music, open_gate > 0.5) / 20)
    vivid = np.clip((shaped + look.vivid * (shaped - around)) * swell[:, None], 0, 1).astype(np.float32)
    held = follow(_steadied(vivid, look.steady * music.rate), fade(look.release, music.rate))
    return limit_swings(smooth(held * open_gate[:, None], look.smooth * music.rate), music.rate)


def _louder(music: Music, audible: npt.NDArray[np.bool_]) -> Array:
    """(frames,): by how many dB each moment is louder than most, smoothed; held within a range."""
    if not audible.any():
        return np.zeros(len(audible), np.float32)
    even = smooth(music.loudness[:, None], SWELLING * music.rate)[:, 0]
    usual = float(np.quantile(even[audible], 0.7))
    return np.asarray(np.clip(even - usual, -20.0, 6.0), np.float32)


def crisp(output: LimiterState, look: Look) -> LightFrame:
    """The frame; full or dark where the look has it so: then the levels are as safe as the states."""
    levels, on = output.frame()
    if _follows_states(look):
        levels = bytes([255 * lit for lit in on])
    return levels, on


def _follows_states(look: Look) -> bool:
    return look.levels == "switched" and not look.smooth


def _events(music: Music, look: Look) -> list[int]:
    apart = look.apart * music.rate
    match look.events:
        case "onsets":
            return events(music.onsets, music.beats, 0.07 * music.rate, apart)
        case "beats":
            return events((), music.beats or music.onsets, 0, apart)
        case "bars":
            return events(music.sections, music.bars or music.onsets, apart, apart)


def _range(heard: Array, rest: Array, look: Look) -> Range:
    between = quantiles(heard, (LOW, look.bright))
    return Range(np.where(rest < AT_REST, rest, between.low).astype(np.float32), between.high)


def _steadied(shaped: Array, width: float) -> Array:
    """The channels moving against each other, the whole evened out over ``width`` frames: so it cannot flash."""
    mean = shaped.mean(1, keepdims=True)
    return np.asarray(np.clip(smooth(mean, width) + shaped - mean, 0, 1), np.float32)


def telling(music: Music, look: Look) -> tuple[Array, Told]:
    """Levels that follow the codes, dark in silence, and what is known of the sound that they should tell."""
    shaped, open_gate = _seen(music, look)
    return shaped * open_gate[:, None], _known(music, open_gate)


def _known(music: Music, open_gate: Array) -> Told:
    assert music.meaning is not None and music.sparse is not None
    average = music.sparse.average(music.codes[open_gate > 0.5])
    fixed = music.voice_channel if music.voice is not None else None
    return told_by(music.meaning.sound_of(music.codes, average), open_gate, music.loudness, fixed)


def _switched(
    music: Music, shaped: Array, audible: npt.NDArray[np.bool_], look: Look
) -> npt.NDArray[np.bool_]:
    stretches, hopes, reading = _planned(music, shaped, audible, look)
    states = choose(stretches, hopes, reading, minimum=look.minimum, reluctance=look.reluctance, lit=look.lit)
    return np.asarray(stretches.spread(states) & audible[:, None], np.bool_)


def planned(music: Music, look: Look) -> tuple[Stretches, Wish, Reading]:
    """What the search for the states of a song begins with."""
    shaped, open_gate = _seen(music, look)
    return _planned(music, shaped * open_gate[:, None], open_gate > 0.5, look)


def _planned(
    music: Music, shaped: Array, audible: npt.NDArray[np.bool_], look: Look
) -> tuple[Stretches, Wish, Reading]:
    within = WITHIN if look.events == "onsets" else None
    begin = _events(music, look)
    stretches = cut(begin, len(shaped), music.rate, within)
    faithful = music.voice_channel if music.voice is not None and look.voice > FAITHFUL else None
    sound, reading = _told(music, stretches, shaped, audible, faithful)
    hopes = wish(
        stretches,
        sound,
        stretches.means(shaped),
        audible[stretches.starts],
        loudness=stretches.means(smooth(music.loudness[:, None], 0.5 * music.rate))[:, 0],
        rests=rests(stretches, begin, music.loudness) if look.events == "onsets" else None,
        faithful=faithful,
        lit=look.lit,
        climb=look.climb,
    )
    return stretches, hopes, reading


def _told(
    music: Music, stretches: Stretches, shaped: Array, audible: npt.NDArray[np.bool_], without: int | None
) -> tuple[npt.NDArray[np.float64], Reading]:
    """What states should tell, (stretches, k), and how it is read from them ``without`` one channel."""
    if music.meaning is not None and music.sparse is not None:
        sound = music.meaning.sound_of(music.codes, music.sparse.average(music.codes[audible]))
        return stretches.means(sound), learnt(music.meaning, without)
    known = music.power is not None and audible.any()
    heard = principal_components(music.power, audible) if known and music.power is not None else shaped
    return told(stretches, stretches.means(heard), stretches.means(shaped), audible[stretches.starts])
