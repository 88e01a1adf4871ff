"""The bundled carol, arranged for music box, strings, choir, brass, bells and drums: writes a MIDI file.

Tune: "God Rest Ye Merry, Gentlemen", traditional. This arrangement: CC0. Form, in bars of four beats:

    0  intro      music box alone over soft strings
    4  verse      choir, quiet; pizzicato bass and bells join for the second line
   12  refrain    drums, bass and horns enter and build up
   23  bridge     flute and harp, very quiet; timpani roll into the new key
   27  finale     a tone higher: brass, choir with descant, bells, timpani, everything; slows down to a major chord
"""

import sys
from pathlib import Path

from band import (
    BASS,
    BELLS,
    BOX,
    CHOIR,
    CRASH,
    FLUTE,
    GLOCKENSPIEL,
    HARP,
    HORN,
    LOW_CHOIR,
    PIZZICATO,
    PLAYERS,
    SLEIGH_BELLS,
    SNARE,
    STRINGS,
    TIMPANI,
    TREMOLO,
    TROMBONE,
    TRUMPET,
    arpeggio,
    crash,
    drums,
    fill,
    parts,
    play,
    pulse,
)
from harmony import chord, chords, descant, line
from score import DRUMS, Score

SEED = 25
INTRO, VERSE, REFRAIN, BRIDGE, FINALE = (4.0 * bar for bar in (0, 4, 12, 23, 27))
END = FINALE + 4 * 15
KEY_CHANGE = 2

BRIDGE_TUNE = """
G5*2 E5 G5
F#5*2 D5 B4
A4 D5 E5 C#5
F#5*3 F#4
"""
BRIDGE_CHORDS = """
C C C C
Bm Bm G G
D D A A
C#sus4 C#sus4 C#7 C#7
"""


def main(path: Path) -> None:
    score = Score(SEED)
    for channel, player in PLAYERS.items():
        score.player(channel, *player)
    tempi(score)
    intro(score)
    verse(score)
    refrain(score)
    bridge(score)
    finale(score)
    score.write(path)


def tempi(score: Score) -> None:
    for beat, bpm in (
        (INTRO, 108),
        (VERSE - 2, 102),
        (VERSE, 126),
        (REFRAIN, 134),
        (BRIDGE, 114),
        (BRIDGE + 12, 102),
    ):
        score.tempo(beat, bpm)
    score.tempo(BRIDGE + 14, 96)
    score.tempo(FINALE, 138)
    for step in range(8):
        score.tempo(END - 8 + step / 2, 134 - 8 * step)
    score.tempo(END - 4, 72)


def intro(score: Score) -> None:
    arpeggio(score, HARP, ["Em"] * 4, INTRO, 50, 52)
    soprano, alto, tenor, _, names = parts(16, 3)
    play(score, BOX, [(beat, length, key + 12) for beat, length, key in soprano], INTRO + 4, 80)
    arpeggio(score, BOX, names[:8], INTRO + 4, 44, 64)
    play(score, STRINGS, alto[:-1], INTRO + 4, 42)
    play(score, STRINGS, tenor[:-1], INTRO + 4, 42)
    score.note(STRINGS, INTRO, 3.9, 52, 36)
    score.note(STRINGS, INTRO + 12, 3.9, 52, 38)
    score.note(STRINGS, INTRO + 12, 3.9, 59, 36)
    arpeggio(score, HARP, ["Em"] * 3, INTRO + 12, 50, 52)
    score.note(CHOIR, VERSE - 1, 0.95, 64, 66)


def verse(score: Score) -> None:
    soprano, alto, tenor, low, names = parts(0, 8)
    score.swell(CHOIR, VERSE, REFRAIN, 96, 120)
    score.swell(LOW_CHOIR, VERSE, REFRAIN, 90, 120)
    play(score, CHOIR, soprano, VERSE, 84)
    play(score, CHOIR, alto, VERSE, 62)
    play(score, LOW_CHOIR, tenor, VERSE, 64)
    play(score, LOW_CHOIR, low, VERSE, 62)
    arpeggio(score, HARP, names[:16], VERSE, 50, 52)
    second = [note for note in soprano if note[0] >= 16]
    play(score, GLOCKENSPIEL, second, VERSE, 60, up=12)
    arpeggio(score, BOX, names[16:], VERSE + 16, 60, 64)
    for beat, length, key in low:
        if beat >= 16:
            score.note(PIZZICATO, VERSE + beat, length, key, 80)
    for bar in range(4, 8):
        for beat in (1, 3):
            score.note(DRUMS, VERSE + 4 * bar + beat, 0.4, SLEIGH_BELLS, 52 + 5 * (bar - 4))
    score.roll(TIMPANI, REFRAIN - 3, REFRAIN, 47, 30, 84)
    fill(score, REFRAIN - 2, 84)


def refrain(score: Score) -> None:
    soprano, alto, tenor, low, names = parts(8, 11)
    for channel in (CHOIR, LOW_CHOIR, STRINGS, HORN):
        score.swell(channel, REFRAIN, REFRAIN + 24, 104, 127)
    crash(score, REFRAIN, 88)
    drums(score, REFRAIN, 4, 94, busy=False)
    drums(score, REFRAIN + 16, 6, 104, busy=False)
    fill(score, REFRAIN + 14, 88)
    crash(score, REFRAIN + 16, 98)
    play(score, CHOIR, soprano, REFRAIN, 96)
    play(score, CHOIR, alto, REFRAIN, 76)
    play(score, LOW_CHOIR, tenor, REFRAIN, 78)
    play(score, LOW_CHOIR, low, REFRAIN, 74)
    play(score, STRINGS, alto, REFRAIN, 62, up=12)
    play(score, STRINGS, tenor, REFRAIN, 62)
    pulse(score, low, REFRAIN, 100, until=40)
    arpeggio(score, PIZZICATO, names[:40], REFRAIN, 64, 59)
    late = [note for note in soprano if note[0] >= 16]
    play(score, HORN, late, REFRAIN, 88, up=-12)
    play(score, GLOCKENSPIEL, late, REFRAIN, 58, up=12)
    for bar in range(4, 10):
        root = chord(names[4 * bar])[0]
        score.note(TIMPANI, REFRAIN + 4 * bar, 1, 40 + (root - 40) % 12, 80)
    crash(score, REFRAIN + 40, 96)
    score.note(BASS, REFRAIN + 40, 3, 40, 84)
    score.note(TIMPANI, REFRAIN + 40, 2, 40, 90)
    arpeggio(score, HARP, ["Em"] * 4, REFRAIN + 40, 60, 52, step=0.25)


def bridge(score: Score) -> None:
    names = chords(BRIDGE_CHORDS)
    for channel in (CHOIR, STRINGS, LOW_CHOIR, HORN):
        score.swell(channel, BRIDGE, BRIDGE + 0.5, 100, 100)
    play(score, FLUTE, line(BRIDGE_TUNE)[:-1], BRIDGE, 70)
    arpeggio(score, HARP, names[:12], BRIDGE, 44, 52)
    for beat in range(0, 16, 2):
        for key in (p for p in range(52, 64) if p % 12 in chord(names[beat])[:3]):
            score.note(STRINGS, BRIDGE + beat, 1.95, key, 32)
    score.swell(TREMOLO, BRIDGE + 10, FINALE, 40, 127)
    for key in (56, 61, 65, 68, 71):
        score.note(TREMOLO, BRIDGE + 12 + 2 * (key in (65, 71)), 3.9 - 2 * (key in (65, 71)), key, 78)
    score.roll(TIMPANI, BRIDGE + 12, FINALE, 49, 18, 108)
    score.roll(DRUMS, BRIDGE + 13, FINALE, SNARE, 12, 92)
    for index in range(8):
        score.note(HARP, FINALE - 1 + index / 8, 1, (61, 65, 68, 71, 73, 77, 80, 83)[index], 60 + 4 * index)
    score.note(CHOIR, FINALE - 1, 0.95, 66, 88)
    score.note(TRUMPET, FINALE - 1, 0.9, 66, 90)


def finale(score: Score) -> None:
    up = KEY_CHANGE
    soprano, alto, tenor, low, names = parts(4, 15)
    last = 4.0 * 14
    soprano, alto, tenor, low = (
        [note for note in part if note[0] < last] for part in (soprano, alto, tenor, low)
    )
    for channel in (CHOIR, LOW_CHOIR, STRINGS, HORN, TRUMPET, TROMBONE):
        score.swell(channel, FINALE - 1, FINALE + 28, 112, 127)
    play(score, CHOIR, soprano, FINALE, 108, up)
    play(score, CHOIR, alto, FINALE, 90, up)
    play(score, LOW_CHOIR, tenor, FINALE, 92, up)
    play(score, LOW_CHOIR, low, FINALE, 90, up)
    play(score, TRUMPET, soprano, FINALE, 96, up, legato=0.85)
    play(score, HORN, tenor, FINALE, 94, up)
    play(score, HORN, alto, FINALE, 90, up)
    play(score, TROMBONE, low, FINALE, 92, up, legato=0.9)
    high = descant(soprano, names[: int(last)])
    play(score, STRINGS, high, FINALE, 92, up)
    play(score, CHOIR, [note for note in high if note[0] >= 28], FINALE, 92, up)
    arpeggio(score, STRINGS, names[: int(last)], FINALE, 74, 59, up)
    arpeggio(score, GLOCKENSPIEL, names[: int(last)], FINALE, 76, 76, up)
    pulse(score, low, FINALE, 104, last, up)
    rhythm(score, names)
    fanfares(score)
    final_chord(score, END - 4)


def rhythm(score: Score, names: list[str]) -> None:
    for bars, at in ((4, FINALE), (4, FINALE + 16), (6, FINALE + 32)):
        drums(score, at, bars, 104, busy=True)
        crash(score, at, 116)
    for at in (FINALE + 14, FINALE + 30, FINALE + 54):
        fill(score, at, 112)
    crash(score, FINALE + 44, 112)
    for bar in range(14):
        for beat, strength in ((0, 104), (2, 92)):
            root = chord(names[4 * bar + beat])[0] + KEY_CHANGE
            score.note(TIMPANI, FINALE + 4 * bar + beat, 1, 41 + (root - 41) % 12, strength)
            score.note(BELLS, FINALE + 4 * bar + beat, 3, 66 + (root - 66) % 12, strength - 6)
    score.roll(TIMPANI, FINALE + 54, FINALE + 56, 49, 70, 116)


def fanfares(score: Score) -> None:
    """Brass calls where the tune holds a long note: at the ends of the first line and of "gone astray"."""
    for at, keys in ((FINALE + 12, (71, 75, 78)), (FINALE + 28, (74, 78, 81)), (FINALE + 44, (74, 78, 81))):
        for beat in (0.5, 2 / 3 + 0.5, 5 / 6 + 0.5, 1.5):
            for key in keys:
                score.note(TRUMPET, at + beat, 0.28 if beat < 1.5 else 0.5, key + KEY_CHANGE, 100)


def final_chord(score: Score, at: float) -> None:
    """F sharp major, after all that minor, on everything."""
    for channel, keys, velocity in (
        (CHOIR, (66, 70, 73, 78), 112),
        (LOW_CHOIR, (42, 54, 61), 106),
        (STRINGS, (66, 70, 78, 82, 85), 104),
        (TRUMPET, (70, 73, 78), 108),
        (HORN, (54, 58, 61), 104),
        (TROMBONE, (42, 49, 54), 100),
        (BELLS, (66, 78), 108),
        (GLOCKENSPIEL, (90, 94, 97), 90),
        (BASS, (30,), 110),
    ):
        for key in keys:
            score.note(channel, at, 4.2, key, velocity, 0.5)
        score.swell(channel, at + 2.5, at + 4.2, 127, 70)
    crash(score, at, 122)
    score.roll(TIMPANI, at, at + 3, 42, 112, 80)
    arpeggio(score, HARP, ["F#"] * 2, at, 96, 54, step=0.25)
    score.note(TIMPANI, at + 3, 2, 42, 122)
    score.note(DRUMS, at + 3, 3, CRASH, 112)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
