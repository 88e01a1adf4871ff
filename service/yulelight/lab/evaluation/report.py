"""The scorecard as one self-contained HTML file: tables, and pictures of every song."""

import base64
from collections.abc import Mapping
from html import escape

from yulelight.dsp.samples import mono
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.encoder.model import Encoder
from yulelight.lab.evaluation.evaluate import Result, Shown
from yulelight.lab.evaluation.latency import Latency
from yulelight.lab.evaluation.pictures import overview, trajectory
from yulelight.lab.evaluation.scorecard import Score
from yulelight.lab.evaluation.table import COLUMNS, LEGEND

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 100rem; padding: 0 1rem;
       color: #1c1c1c; background: #fff }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 13px; white-space: nowrap }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
img { max-width: 100%; height: auto; vertical-align: top }
.wide img { max-width: none }
h1, h2, p, dt, dd { overflow-wrap: anywhere }
dt { font-weight: 600 } dd { margin: 0 0 .3rem 1rem }
"""


class Report:
    """Collects the songs as they are shown, keeping only their pictures."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._songs: list[str] = []

    def add(self, shown: Shown) -> None:
        """Draws one song."""
        codes = self._encoder.encode(magnitudes(mono(shown.samples)))
        sections = next((made.sections for made in shown.lights.values() if made.sections), ())
        way = trajectory(codes.astype(float), FRAME_RATE, sections)
        self._songs.append(
            f"<h2>{escape(shown.song.name)}</h2>"
            f'<div class="wide">{_image(overview(shown), "Spectrum of the song and the lights of each system")}</div>'
            f"{_image(way, 'The way of the song through the code, coloured by section')}"
        )

    def html(self, result: Result, latencies: Mapping[str, Mapping[str, Latency]]) -> str:
        """The whole page."""
        songs = next(iter(result.scores.values()), {})
        parts = [
            "<h1>Yulelight scorecard</h1>",
            (
                f"<p>Model <b>{escape(self._encoder.manifest.name)}</b>, mean of {len(songs)} songs; "
                "of flashes the worst second of all.</p>"
            ),
            _table(result.means(), "system"),
            "<dl>"
            + "".join(f"<dt>{escape(n)}</dt><dd>{escape(m)}</dd>" for n, m in LEGEND.items())
            + "</dl>",
            *(_latency(look, sounds) for look, sounds in latencies.items()),
            *self._songs,
            *(
                f"<h2>{escape(system)}, song by song</h2>{_table(scores, 'song')}"
                for system, scores in result.scores.items()
            ),
        ]
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Yulelight scorecard</title>'
            f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
        )


def _table(scores: Mapping[str, Score], first: str) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (first, *COLUMNS))
    rows = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td>{escape(cell(score))}</td>" for cell in COLUMNS.values())
        + "</tr>"
        for name, score in scores.items()
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _latency(look: str, sounds: Mapping[str, Latency]) -> str:
    found = "; ".join(
        f"{escape(name)} {one.median:.0f} ms (95 %: {one.p95:.0f})" for name, one in sounds.items()
    )
    return f"<p>Latency of the live path, {escape(look)}: {found}.</p>"


def _image(png: bytes, described: str) -> str:
    return f'<img alt="{escape(described)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
