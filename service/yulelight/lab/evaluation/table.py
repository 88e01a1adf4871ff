"""The scorecard as rows of text, for the terminal, for Markdown and for JSON."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from rich import box
from rich.table import Column, Table

from yulelight.lab.evaluation.scorecard import Score

Cell = Callable[[Score], str]

COLUMNS: dict[str, Cell] = {
    "dead + stuck": lambda s: _number(s.dead + s.stuck, 1),
    "toggles/s": lambda s: _number(s.toggles, 1),
    "< 100 ms": lambda s: _percent(s.short_pulses),
    "correlation": lambda s: _number(s.correlation, 2),
    "used": lambda s: _number(s.used_channels, 1),
    "flashes": lambda s: _pair(s.light_flashes, s.switched_flashes, 0),
    "of a channel": lambda s: _pair(s.channel_light_flashes, s.switched_channel_flashes, 0),
    "onset F": lambda s: _number(s.onset_f, 2),
    "beats": lambda s: _number(s.beat_recall, 2),
    "lag ms": lambda s: _number(s.lag_ms, 0, sign=True),
    "cross": lambda s: _pair(s.cross, s.sw_cross, 2),
    "voice": lambda s: _pair(s.voice, s.sw_voice, 2),
    "faith": lambda s: _pair(s.faith, s.sw_faith, 2),
    "structure": lambda s: _pair(s.structure, s.sw_structure, 2),
    "repeat": lambda s: _pair(s.repeat, s.sw_repeat, 2),
    "sections": lambda s: _pair(s.section_f_half, s.section_f_three, 2),
    "moments": lambda s: _number(s.moments, 2),
    "on": lambda s: _number(s.on, 2),
    "dark": lambda s: _number(s.dark, 2),
    "contrast": lambda s: _number(s.contrast, 2),
    "rests": lambda s: _number(s.rests, 1),
    "frozen": lambda s: _number(s.frozen, 2),
    "still": lambda s: _number(s.still, 2),
    "pause": lambda s: _number(s.pause, 1),
    "climax": lambda s: _number(s.climax, 2),
    "span": lambda s: _number(s.span, 2),
    "dynamics": lambda s: _number(s.dynamics, 2),
}
"""Title and text of each column; pairs are of the levels and of the on/off states (sections: within 0.5 s and 3 s)."""

LEGEND = {
    "dead + stuck": "channels that are on for less than 2 % or more than 98 % of the song",
    "toggles/s": "changes of on/off state a second and channel",
    "< 100 ms": "share of on/off pulses that a relay cannot follow",
    "correlation": "mean absolute correlation of pairs of channels: how much they tell the same story",
    "used": "channels' worth of movement, 1 to 8 (participation ratio)",
    "flashes": "most in any second of any song, of the house's light (WCAG 2.3.1): dimmed lamps, whose light follows "
    "their level by a gamma of 2.2 / on-off states",
    "of a channel": "the same of any single channel",
    "onset F": "lights going on against the song's onsets, within 70 ms",
    "beats": "share of beats with a light going on within 70 ms",
    "lag ms": "by how much the lights trail (+) or lead (-) the song",
    "cross": "share of the song's spectrum told in a reading learnt on the other songs: levels / on-off",
    "voice": "correlation of sung phrases with the best channel, where they are known: levels / on-off",
    "faith": "share of the song's spectrum that the lights explain: levels / on-off",
    "structure": "rank correlation of how seconds differ in sound and in light: levels / on-off",
    "repeat": "how surely the same light means the same music (AUC): levels / on-off",
    "sections": "section boundaries against those heard in timbre and harmony, F within 0.5 s / 3 s",
    "moments": "share of the sudden changes of loudness (5 dB from 4 s to the next) that have a section within 1.5 s",
    "on": "share of the time for which an on/off light is on",
    "dark": "share of the time in which a level is under a fifth",
    "contrast": "90th less 10th percentile of a level within 2 s",
    "rests": "times a minute at which all on/off lights are off for 0.3 s or longer",
    "frozen": "share of the on/off lights' time in states that last 8 s or longer",
    "still": "share of windows of 2 s in which no on/off light changes",
    "pause": "longest time without any change of an on/off light, in seconds; mean of the songs",
    "climax": "changes a second in the loudest fifth of the seconds over those of the whole song",
    "span": "mean level of the loudest fifth of the seconds less that of the quietest two fifths",
    "dynamics": "rank correlation of loudness and mean level, both smoothed over 7 s",
}


def rich_tables(scores: Mapping[str, Score], width: int) -> list[Table]:
    """One row per system, for a terminal of ``width`` characters: in as many tables as necessary."""
    groups: list[list[str]] = []
    left = 0
    for title, cell in COLUMNS.items():
        needed = 3 + max(map(len, [title, *map(cell, scores.values())]))
        if needed > left:
            groups.append([])
            left = width - 6 - max(map(len, scores), default=0)
        left -= needed
        groups[-1].append(title)
    return [_rich_table(scores, titles) for titles in groups]


def _rich_table(scores: Mapping[str, Score], titles: Sequence[str]) -> Table:
    table = Table(Column("system", no_wrap=True), box=box.SIMPLE_HEAD)
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    for system, score in scores.items():
        table.add_row(system, *(COLUMNS[title](score) for title in titles))
    return table


def markdown_table(scores: Mapping[str, Score], first: str = "system") -> str:
    """One row per system, for a document."""
    lines = [[first, *COLUMNS], ["---", *("---:" for _ in COLUMNS)]]
    lines += [[name, *(cell(score) for cell in COLUMNS.values())] for name, score in scores.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def markdown_legend() -> str:
    """The meaning of the columns, as a list."""
    return "\n".join(f"- **{name}**: {meaning}." for name, meaning in LEGEND.items())


def figures(score: Score) -> dict[str, float | None]:
    """For JSON: every figure by name, None where there was nothing to measure."""
    return {name: None if math.isnan(value) else round(value, 4) for name, value in asdict(score).items()}


NOTHING = "-"


def _number(value: float, digits: int, *, sign: bool = False) -> str:
    """Shares without the leading 0, so that a row fits a page."""
    if math.isnan(value):
        return NOTHING
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-+")
    return text.replace("0.", ".", 1) if digits == 2 and abs(float(text)) < 1 else text


def _percent(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{100 * value:.0f} %"


def _pair(first: float, second: float, digits: int) -> str:
    if math.isnan(first) and math.isnan(second):
        return NOTHING
    return f"{_number(first, digits)} / {_number(second, digits)}"
