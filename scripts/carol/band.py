"""The band of the carol: who plays on which channel, and the figures they play."""

from harmony import CHORDS, TUNE, Note, bass, chord, chords, inner, line
from score import DRUMS, Score

BOX, STRINGS, CHOIR, PIZZICATO, BASS, HARP, TRUMPET, HORN, BELLS = range(9)
TIMPANI, FLUTE, GLOCKENSPIEL, TREMOLO, LOW_CHOIR, TROMBONE = 10, 11, 12, 13, 14, 15

# channel: General MIDI program (from 0), volume, pan, reverb
PLAYERS = {
    BOX: (10, 110, 44, 80),
    STRINGS: (48, 84, 58, 70),
    CHOIR: (52, 112, 72, 85),
    PIZZICATO: (45, 96, 84, 60),
    BASS: (33, 104, 64, 12),
    HARP: (46, 100, 32, 75),
    TRUMPET: (56, 88, 82, 60),
    HORN: (60, 96, 38, 70),
    BELLS: (14, 88, 30, 90),
    DRUMS: (0, 104, 64, 28),
    TIMPANI: (47, 112, 70, 60),
    FLUTE: (73, 104, 54, 85),
    GLOCKENSPIEL: (9, 80, 96, 80),
    TREMOLO: (44, 88, 78, 75),
    LOW_CHOIR: (52, 104, 52, 85),
    TROMBONE: (57, 84, 92, 55),
}
KICK, SNARE, CLOSED, OPEN, CRASH, TAMBOURINE, SLEIGH_BELLS = 36, 38, 42, 46, 49, 54, 83
TOMS = (50, 48, 47, 45, 43, 41)


def parts(first_bar: int, bars: int) -> tuple[list[Note], list[Note], list[Note], list[Note], list[str]]:
    """Soprano, alto, tenor, bass and chords of some bars of the carol."""
    soprano, names = line(TUNE, first_bar, bars), chords(CHORDS, first_bar, bars)
    return soprano, *inner(soprano, names), bass(names), names


def play(
    score: Score,
    channel: int,
    notes: list[Note],
    at: float,
    velocity: float,
    up: int = 0,
    legato: float = 0.98,
) -> None:
    for beat, length, key in notes:
        accent = 6 if beat % 4 == 0 else 2 if beat % 2 == 0 else 0
        score.note(channel, at + beat, length * legato, key + up, velocity + accent)


def arpeggio(
    score: Score,
    channel: int,
    names: list[str],
    at: float,
    velocity: float,
    low: int,
    up: int = 0,
    step: float = 0.5,
) -> None:
    """Chord tones in a rising and falling wave from ``low`` on, one each ``step`` beats."""
    wave = (0, 1, 2, 3, 4, 3, 2, 1)
    for index in range(round(len(names) / step)):
        name = names[int(index * step)]
        tones = [p for p in range(low, low + 36) if p % 12 in chord(name)[:3]]
        score.note(
            channel,
            at + index * step,
            step * 1.8,
            tones[wave[index % 8]] + up,
            velocity + 5 * (index % 4 == 0),
        )


def drums(score: Score, at: float, bars: int, velocity: float, busy: bool) -> None:
    for bar in range(bars):
        start = at + 4 * bar
        for eighth in range(8):
            hat = OPEN if busy and eighth == 7 else CLOSED
            score.note(DRUMS, start + eighth / 2, 0.2, hat, velocity - 26 + 10 * (eighth % 2 == 0), 0.6)
        for beat in (0, 2, 2.5) if not busy else (0, 0.75, 2, 2.5, 3.5):
            score.note(DRUMS, start + beat, 0.3, KICK, velocity + 8 * (beat == 0), 0.4)
        for beat in (1, 3):
            score.note(DRUMS, start + beat, 0.3, SNARE, velocity, 0.4)
        for eighth in range(0, 8, 1 if busy else 2):
            strength = velocity - 24 + 8 * (eighth % 2 == 0)
            score.note(DRUMS, start + eighth / 2, 0.3, SLEIGH_BELLS, strength, loose=0.6)
        for sixteenth in range(16 if busy else 0):
            score.note(
                DRUMS, start + sixteenth / 4, 0.1, TAMBOURINE, velocity - 34 + 14 * (sixteenth % 4 == 2), 0.6
            )


def fill(score: Score, at: float, velocity: float) -> None:
    """Two beats of toms, downwards."""
    for index in range(8):
        score.note(DRUMS, at + index / 4, 0.2, TOMS[index * len(TOMS) // 8], velocity - 14 + 3 * index, 0.5)


def crash(score: Score, at: float, velocity: float) -> None:
    score.note(DRUMS, at, 3, CRASH, velocity, 0.3)
    score.note(DRUMS, at, 0.3, KICK, velocity, 0.3)


def pulse(score: Score, low: list[Note], at: float, velocity: float, until: float, up: int = 0) -> None:
    """The bass guitar: the bass line in eighths."""
    for beat, length, key in low:
        for eighth in range(round(length * 2)):
            when = beat + eighth / 2
            if when < until:
                octave = -12 if key + up > 45 else 0
                score.note(BASS, at + when, 0.45, key + up + octave, velocity - 10 * (eighth % 2), 0.5)
