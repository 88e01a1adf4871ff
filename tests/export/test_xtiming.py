"""Timing tracks, as an XML parser reads them."""

from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.export.xtiming import document
from yulelight.show.show import Show

Tracks = dict[str, list[tuple[str, int, int]]]
"""By name: label, begin and end in milliseconds of each effect."""


def made(beats: list[float], downbeats: list[float], sections: list[float], seconds: float = 10.0) -> Tracks:
    frames = round(seconds * 50)
    one = Show(
        np.zeros((frames, 8), np.uint8),
        np.zeros((frames, 8), np.bool_),
        50.0,
        tuple(sections),
        "test",
        beats=tuple(beats),
        downbeats=tuple(downbeats),
    )
    root = ET.fromstring(document(one, "Test & Co"))
    assert root.tag == "timings"
    tracks = {}
    for timing in root:
        assert timing.attrib["SourceVersion"] == "Test & Co"
        (layer,) = timing
        assert layer.tag == "EffectLayer"
        tracks[timing.attrib["name"]] = [
            (e.attrib["label"], int(e.attrib["starttime"]), int(e.attrib["endtime"])) for e in layer
        ]
    return tracks


def test_beats_are_counted_in_their_bars() -> None:
    tracks = made([0.5, 1.0, 1.5, 2.0, 2.5], [1.0, 2.0], [0.0, 2.01], 3.0)
    assert tracks["Beats"] == [
        ("", 500, 1000), ("1", 1000, 1500), ("2", 1500, 2000), ("1", 2000, 2500), ("2", 2500, 3000)
    ]  # fmt: skip
    assert tracks["Bars"] == [("1", 1000, 2000), ("2", 2000, 3000)]
    assert tracks["Sections"] == [("1", 0, 2000), ("2", 2000, 3000)]


def test_voices_are_where_somebody_sings() -> None:
    frames = np.zeros((500, 8), np.uint8)
    one = Show(frames, frames > 0, 50.0, (), "test", sung=(1.0, 2.5, 4.013, 10.0))
    root = ET.fromstring(document(one, "Test"))
    (timing,) = root
    assert timing.attrib["name"] == "Voice"
    times = [(e.attrib["label"], e.attrib["starttime"], e.attrib["endtime"]) for e in timing.iter("Effect")]
    assert times == [("voice", "1000", "2500"), ("voice", "4025", "10000")]


def test_what_is_not_known_has_no_track() -> None:
    assert made([], [], [0.0]) == {"Sections": [("1", 0, 10_000)]}


@given(st.lists(st.floats(0, 12), max_size=60).map(sorted))
def test_effects_never_overlap(beats: list[float]) -> None:
    effects = made(beats, [], []).get("Beats", [])
    end = 0
    for _, begin, until in effects:
        assert end <= begin < until <= 10_000
        assert begin % 25 == until % 25 == 0
        end = until
