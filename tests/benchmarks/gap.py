"""The gap between two songs of a playlist: what the card sounds and what the nodes are told, in real time.

Tones without silent ends go through the real director, sessions, decoder and player into a card made of a thread, and
through the real lights into packets. The longest silence about a seam is the sound's gap; the lights' is the time from
the last frame of one song (and its interval) to the first of the next.
"""

import asyncio
import tempfile
import time
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import soundfile

from tests.audio.cards import Shop
from tests.benchmarks.aims import Report
from yulelight.actors import Broadcast, Supervisor
from yulelight.audio.sound_outputs import MAIN, SoundOutputs
from yulelight.audio.speaker import Speaker
from yulelight.core.messages import Packet, Play, ShowEvent, Status
from yulelight.dsp.spectrum import RATE
from yulelight.library.playlists import Playlists
from yulelight.library.show_source import StyleCatalogue
from yulelight.library.songs import Library
from yulelight.lights.messages import DARK
from yulelight.lights.mixer import Lights
from yulelight.player.director import Director
from yulelight.player.on_air import OnAir
from yulelight.player.opening import Rendered
from yulelight.player.options import Options
from yulelight.player.services import Feeds, HouseLights, Music, Restarts, Sound
from yulelight.show.look import LOOKS

SONGS, SECONDS = 5, 4.0


def tone(frequency: float) -> np.ndarray:
    """A tone that never passes through silence for long."""
    times = np.arange(int(SECONDS * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * frequency * times) + 0.2 * np.sin(2 * np.pi * 97 * times)).astype("f4")


async def played(folder: Path) -> tuple[np.ndarray, list[Packet]]:
    """(n,) samples that the card sounded, and all packets."""
    for k in range(SONGS):
        soundfile.write(folder / f"tone {k}.flac", tone(220 * 1.3**k), RATE)
    library, shop = Library([folder]), Shop()
    packets: Broadcast[Packet] = Broadcast()
    statuses: Broadcast[Status] = Broadcast()
    events: Broadcast[ShowEvent] = Broadcast()
    heard: list[Packet] = []
    async with Supervisor() as supervisor:
        sessions = count(1)
        lights = supervisor.start(
            lambda: Lights(packets, Broadcast(), time.monotonic, sessions=sessions), "lights"
        )

        def make() -> Director:
            return Director(
                music=Music(
                    library, Playlists(folder / "lists", library.songs), Rendered(), StyleCatalogue(LOOKS)
                ),
                sound=Sound(SoundOutputs({MAIN: Speaker(None, shop)}, {}), OnAir()),
                lights=HouseLights(lights, DARK, live_delay=0.02),
                feeds=Feeds(statuses, events),
                restarts=Restarts(None, 0.0, time.time),
                defaults=Options("lively", "mel"),
                clock=time.monotonic,
            )

        director = supervisor.start(make, "director")

        async def listen() -> None:
            with packets.subscribe(10_000) as source:
                async for packet in source:
                    heard.append(packet)

        listening = asyncio.create_task(listen())
        with events.subscribe(64) as said:
            await director.ask(Play(), timeout=30.0)
            async for event in said:
                if event.kind == "finished":
                    break
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert len(shop.cards) == 1, "one card for all songs"
    return shop.cards[0].sound()[:, 0], heard


def silences(sound: np.ndarray) -> list[float]:
    """Milliseconds of the longest run of silence about each seam."""
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    music = sound[loud[0] : loud[-1] + 1]
    found = []
    for k in range(1, SONGS):
        seam = round(k * len(music) / SONGS)
        about = np.abs(music[max(0, seam - RATE // 2) : seam + RATE // 2]) > 0.01
        edges = np.flatnonzero(np.concatenate([[True], about, [True]]))
        found.append(1000 * float(np.diff(edges).max() - 1) / RATE)
    return found


def holes(packets: list[Packet]) -> list[float]:
    """Milliseconds without a frame of a song between the packets of songs, within the longest session."""
    sessions: dict[int, list[Packet]] = {}
    for packet in packets:
        if len(packet.levels) > 1:
            sessions.setdefault(packet.session, []).append(packet)
    song = max(sessions.values(), key=len)
    ends = [(p.at, p.at + len(p.levels) * p.interval) for p in song]
    return [max(0.0, (later[0] - before[1]) / 1000) for before, later in pairwise(ends)]


def aims(report: Report) -> None:
    """Adds the gaps to ``report``."""
    with tempfile.TemporaryDirectory() as folder:
        sound, packets = asyncio.run(played(Path(folder)))
    report.aim("gap between two songs, sound, longest", max(silences(sound)), most=50, unit="ms")
    report.aim("gap between two songs, lights, longest", max(holes(packets)), most=50, unit="ms")


def run() -> Report:
    """On its own."""
    report = Report("gap")
    aims(report)
    return report
