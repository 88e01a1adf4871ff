"""Timing tracks of a song for xLights (``.xtiming``): beats, bars, sections and voice, for sequencing by hand."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from yulelight.show.show import Show

_STEP = 25
"""Milliseconds to which xLights rounds at its usual 40 frames a second."""

_SILENT = "\0"
"""The label of what is no effect."""

Mark = tuple[str, float]
"""A label, and the second at which it starts."""


def document(show: Show, source: str) -> bytes:
    """The timing tracks of ``show`` as XML; empty tracks are left out. ``source`` names the program."""
    timings = ET.Element("timings")
    tracks = {"Beats": _beats(show), "Bars": _numbered(show.downbeats), "Sections": _numbered(show.sections)}
    tracks["Voice"] = _voice(show)
    for name, marks in tracks.items():
        spans = list(_spans(marks, show.duration))
        if not spans:
            continue
        track = ET.SubElement(timings, "timing", name=name, subType="", SourceVersion=source)
        layer = ET.SubElement(track, "EffectLayer")
        for label, begin, end in spans:
            ET.SubElement(layer, "Effect", label=label, starttime=str(begin), endtime=str(end))
    ET.indent(timings)
    document: bytes = ET.tostring(timings, encoding="utf-8", xml_declaration=True)
    return document


def _spans(marks: Sequence[Mark], duration: float) -> Iterator[tuple[str, int, int]]:
    """Each mark up to the next one, in milliseconds; marks without duration are left out."""
    for (label, begin), (_, end) in pairwise((*marks, ("", duration))):
        first, last = _rounded(begin), _rounded(min(end, duration))
        if last > first and label != _SILENT:
            yield label, first, last


def _rounded(seconds: float) -> int:
    return _STEP * round(max(0.0, seconds) * 1000 / _STEP)


def _numbered(moments: Sequence[float]) -> list[Mark]:
    return [(str(number), moment) for number, moment in enumerate(moments, 1)]


def _voice(show: Show) -> list[Mark]:
    """The stretches in which somebody sings; what has no label is left out."""
    return [("voice" if index % 2 == 0 else _SILENT, moment) for index, moment in enumerate(show.sung)]


def _beats(show: Show) -> list[Mark]:
    """Beats, counted from 1 within their bar; without labels if the bars are unknown."""
    bars, marks, count = set(show.downbeats), list[Mark](), 0
    for beat in show.beats:
        count = 1 if beat in bars else count + 1 if count else 0
        marks.append((str(count) if count else "", beat))
    return marks
