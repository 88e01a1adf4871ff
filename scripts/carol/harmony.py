"""The carol's tune, the chords we set under it, and four-part writing: the tune above, bass, and two voices between."""

from itertools import product

# "God Rest Ye Merry, Gentlemen", traditional English, in print since 1815. One bar of four beats a line, without
# the upbeat; *2 is a half note, /2 an eighth.
TUNE = """
E4 B4 B4 A4
G4 F#4 E4 D4
E4 F#4 G4 A4
B4*3 E4
E4 B4 B4 A4
G4 F#4 E4 D4
E4 F#4 G4 A4
B4*3 B4
C5 A4 B4 C5
D5 E5 B4 A4
G4 E4 F#4 G4
A4*2 G4 A4
B4*2 C5 B4
B4 A4 G4 F#4
E4*2 G4/2 F#4/2 E4
A4*2 G4 A4
B4 C5 D5 E5
B4 A4 G4 F#4
E4*4
"""

# One chord a beat.
CHORDS = """
Em Em Em B7
Em Bm C G
Am B7 Em Am
B B B7 Em
Em G Em D
Em Bm C G
C B7 Em Am
B B B7 Em
Am D7 G C
G C G D
Em C D Em
D D G D
G G Am Em
G D Em B7
Em Em G C
D D C D
G Am Bm C
Em Am Em B7
Em Em Em Em
"""

Note = tuple[float, float, int]
"""Beat, length in beats, MIDI pitch."""

_NAMES = {"C": 0, "C#": 1, "D": 2, "E": 4, "F": 5, "F#": 6, "G": 7, "A": 9, "B": 11}
_KINDS = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "sus4": (0, 5, 7)}


def pitch(name: str) -> int:
    """MIDI pitch of e.g. ``F#4``; C4 is 60."""
    return 12 * (int(name[-1]) + 1) + _NAMES[name[:-1]]


def chord(name: str) -> tuple[int, ...]:
    """Pitch classes of e.g. ``F#m``, root first."""
    root = name[:2] if name[1:2] == "#" else name[:1]
    return tuple((_NAMES[root] + step) % 12 for step in _KINDS[name[len(root) :]])


def line(text: str, first_bar: int = 0, bars: int | None = None) -> list[Note]:
    """Notes of a melody written as in TUNE, from a bar on, beat 0 at that bar."""
    rows = text.strip().splitlines()
    notes: list[Note] = []
    for bar, row in enumerate(rows[first_bar : None if bars is None else first_bar + bars]):
        beat = 4.0 * bar
        for word in row.split():
            name, length = word, 1.0
            if "*" in word:
                name, times = word.split("*")
                length = float(times)
            elif "/" in word:
                name, parts = word.split("/")
                length = 1 / float(parts)
            notes.append((beat, length, pitch(name)))
            beat += length
    return notes


def chords(text: str, first_bar: int = 0, bars: int | None = None) -> list[str]:
    """Chord names, one a beat, written as in CHORDS."""
    rows = text.strip().splitlines()
    return " ".join(rows[first_bar : None if bars is None else first_bar + bars]).split()


def bass(names: list[str]) -> list[Note]:
    """The roots as a bass line between E2 and E3, each the nearest to the one before; equal neighbours are tied."""
    last, pitches = 45, []
    for name in names:
        root = chord(name)[0]
        last = min((p for p in range(40, 53) if p % 12 == root), key=lambda p, last=last: (abs(p - last), p))
        pitches.append(last)
    return _tie(pitches)


def inner(tune: list[Note], names: list[str]) -> tuple[list[Note], list[Note]]:
    """Alto and tenor: with tune and root the chord is complete, and of all such voicings the smoothest is sung.

    Greedy from beat to beat; doubled leading thirds, wide gaps and parallel fifths and octaves with the tune cost.
    """
    above = _by_beat(tune, len(names))
    before: tuple[int, int, int] | None = None
    altos, tenors = [], []
    for top, name in zip(above, names, strict=True):
        tones = chord(name)
        pool = [p for p in range(50, 74) if p % 12 in tones and p < top]
        pairs = [(a, t) for a, t in product(pool, pool) if t < a]
        alto, tenor = min(
            pairs, key=lambda pair, top=top, tones=tones, before=before: _cost(top, *pair, tones, before)
        )
        altos.append(alto)
        tenors.append(tenor)
        before = (top, alto, tenor)
    return _tie(altos), _tie(tenors)


def descant(tune: list[Note], names: list[str]) -> list[Note]:
    """A high line above the tune: a tone that two beats' chords share, or one of each, moving as little as it can."""
    above, last, pitches = _by_beat(tune, len(names)), 76, []
    for beat in range(0, len(names), 2):
        first, second = (set(chord(name)[:3]) for name in names[beat : beat + 2])
        top = max(above[beat : beat + 2])
        for tones in (first & second,) * 2 if first & second else (first, second):
            pool = [p for p in range(71, 86) if p % 12 in tones and p > top + 2]
            stay = last if len(pitches) % 2 else None
            last = (
                stay
                if stay in pool
                else min(pool, key=lambda p, last=last: abs(p - last) + 1.5 * (p == last))
            )
            pitches.append(last)
    return _tie(pitches)


def _cost(
    top: int, alto: int, tenor: int, tones: tuple[int, ...], before: tuple[int, int, int] | None
) -> float:
    sounding = {top % 12, alto % 12, tenor % 12}
    cost = 12.0 * (tones[1] not in sounding) + 3.0 * (tones[2] not in sounding)
    cost += 6.0 * ([top % 12, alto % 12, tenor % 12].count(tones[1]) > 1)
    cost += max(0, top - alto - 9) + max(0, alto - tenor - 9) + 0.2 * abs(tenor - 57)
    if before is not None:
        cost += abs(alto - before[1]) + abs(tenor - before[2])
        for mine, was in ((alto, before[1]), (tenor, before[2])):
            parallel = (top - mine) % 12 == (before[0] - was) % 12 and top != before[0] and mine != was
            cost += 8.0 * (parallel and (top - mine) % 12 in (0, 7))
    return cost


def _by_beat(notes: list[Note], beats: int) -> list[int]:
    """The pitch that sounds on each beat."""
    return [next(p for start, length, p in reversed(notes) if start <= beat) for beat in range(beats)]


def _tie(pitches: list[int]) -> list[Note]:
    notes: list[Note] = []
    for beat, value in enumerate(pitches):
        if notes and notes[-1][2] == value and beat % 4:
            start, length, _ = notes[-1]
            notes[-1] = (start, length + 1, value)
        else:
            notes.append((float(beat), 1.0, value))
    return notes
