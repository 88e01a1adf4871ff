"""No sequence of commands may leave lights on that the state says are off, sound two songs, or flash the house."""

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.safety.oracle import flashes
from tests.theatre import Theatre, theatre
from tests.virtual_time import VirtualLoop
from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import YulelightError
from yulelight.core.messages import (
    AllOn,
    Announce,
    Blackout,
    Calibrate,
    Identify,
    Next,
    Pause,
    Play,
    Previous,
    QueueClear,
    QueueRemove,
    ReleaseChannel,
    Resume,
    Seek,
    SetChannel,
    SetOption,
    Song,
    State,
    Stop,
)
from yulelight.inputs.push import PushInput
from yulelight.library.playlists import Announcement, Playlist, Scene
from yulelight.lights.messages import LightsMessage
from yulelight.player.director import DirectorMessage, OpenInput

SONGS, BROKEN = 5, (3,)
STEP = 0.02
DARK = (bytes(8), (False,) * 8)


class House(RuleBasedStateMachine):
    """The real director, sessions and lights, on a clock that skips what nobody waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.folder = tempfile.TemporaryDirectory()
        self.seen: list[tuple[float, float, float]] = []
        self.people: set[int] = set()
        self.identified = -99.0
        self.agreed = self.silent = 0.0
        """When what is heard was last what the status says."""
        self.opening = contextlib.AsyncExitStack()
        self.runner.run(self.enter())

    async def enter(self) -> None:
        house = theatre(Path(self.folder.name), songs=SONGS, seconds=2.5, broken=BROKEN)
        self.t: Theatre = await self.opening.enter_async_context(house)
        songs = [self.t.library.find(song.id) for song in self.t.songs]
        steps = (Scene((200, 0, 0, 0, 0, 0, 0, 0), 1.0), Announcement(self.t.songs[2].id))
        self.t.lists.lists["xmas"] = Playlist("xmas", tuple(songs), pre=steps, post=(Scene("on", 0.5),))

    def teardown(self) -> None:
        try:
            self.let(3.0)
        finally:
            self.runner.run(self.opening.aclose())
            self.runner.close()
            self.folder.cleanup()
        times, dimmed, switched = zip(*self.seen, strict=True)
        assert flashes(times, dimmed) <= 3
        assert flashes(times, switched) <= 3

    # --- what the house does -----------------------------------------------------------------------------

    def say(self, message: DirectorMessage, *, then: float = 0.0) -> None:
        async def ask() -> None:
            with contextlib.suppress(YulelightError):
                await self.t.say(message)

        self.runner.run(ask())
        self.let(max(STEP, then))

    def tell_lights(self, message: LightsMessage) -> None:
        async def tell() -> None:
            await self.t.lights.ask(message)

        self.runner.run(tell())
        self.let(STEP)

    def let(self, seconds: float) -> None:
        """Time goes on, and is watched."""

        async def watch() -> None:
            for _ in range(max(1, round(seconds / STEP))):
                await asyncio.sleep(STEP)
                self.look()

        self.runner.run(watch())

    def look(self) -> None:
        t = self.t
        levels, on = t.node.shows(t.now)
        self.seen.append((t.now, sum(levels) / 255 / 8, sum(on) / 8))
        if t.status.blackout:
            assert (levels, on) == DARK, "blackout wins at once"
        heard, status = t.ear.hears(t.now), t.status
        if heard is None or status.state not in (State.IDLE, State.PAUSED, State.LIVE):
            self.silent = t.now
        # Not at once: a machine that stands still for a while makes the status late.
        assert t.now - self.silent < 0.4, f"{heard} sounds while the show is {status.state}"
        title = status.song.title if status.song else ""
        if heard is None or status.state is State.LOADING or heard[0] in (title, "clicks"):
            self.agreed = t.now
        # What was before may go on for a moment, until the next begins.
        assert t.now - self.agreed < 0.4, f"{heard} sounds, {title} should"

    @rule(seconds=st.sampled_from([0.05, 0.3, 1.0, 2.6]))
    def wait(self, seconds: float) -> None:
        self.let(seconds)

    @rule(
        song=st.integers(0, SONGS - 1),
        enqueue=st.sampled_from(["replace", "play", "next", "add"]),
        channels=st.sampled_from([(), (1, 2)]),
    )
    def play(self, song: int, enqueue: Any, channels: tuple[int, ...]) -> None:
        self.say(Play(self.t.songs[song].id, enqueue=enqueue, channels=channels), then=0.4)

    @rule(resume=st.booleans())
    def play_list(self, resume: bool) -> None:
        self.say(Play(playlist="xmas", resume=resume), then=0.4)

    @rule(song=st.integers(0, SONGS - 1))
    def announce(self, song: int) -> None:
        self.say(Announce(self.t.songs[song].id), then=0.4)

    @rule(
        message=st.sampled_from(
            [
                *(Pause(), Resume(), Next(), Previous(), Stop(), Stop(after_song=True), Play(), Seek(1.8)),
                *(QueueClear(), QueueRemove(0), Calibrate(True), Calibrate(False)),
            ]
        )
    )
    def steer(self, message: DirectorMessage) -> None:
        self.say(message)

    @rule(
        option=st.sampled_from(
            [
                *(("look", "calm"), ("look", "lively"), ("delay", 0.4), ("delay", 0.0), ("brightness", 0.5)),
                ("brightness", 1.0),
                ("shuffle", True),
                ("repeat", "all"),
                ("repeat", "one"),
                ("repeat", "off"),
            ]
        )
    )
    def turn(self, option: tuple[Any, Any]) -> None:
        self.say(SetOption(*option))

    @rule(on=st.booleans())
    def blackout(self, on: bool) -> None:
        self.say(Blackout(on))

    @rule(on=st.booleans())
    def all_on(self, on: bool) -> None:
        self.say(AllOn(on))

    @rule(channel=st.none() | st.integers(1, 8))
    def identify(self, channel: int | None) -> None:
        self.identified = self.t.now
        self.say(Identify(channel))

    @rule(channel=st.integers(1, 8), on=st.booleans())
    def take_over(self, channel: int, on: bool) -> None:
        self.people.add(channel)
        self.tell_lights(SetChannel(channel, on, 100))

    @rule(channel=st.integers(1, 8))
    def release(self, channel: int) -> None:
        self.tell_lights(ReleaseChannel(channel))

    @rule(abort=st.booleans())
    def stream(self, abort: bool) -> None:
        async def send() -> None:
            with contextlib.suppress(YulelightError):
                pushed = PushInput(Song("", "line in"), PcmFormat(44_100, 1, "s16le"))
                await self.t.director.ask(OpenInput(pushed))
                with contextlib.suppress(YulelightError):
                    await pushed.write(b"\x00\x60" * 2000)
                if abort:
                    await pushed.abort("gone")

        self.runner.run(send())
        self.let(0.3)

    @rule()
    def at_rest_it_is_dark(self) -> None:
        """Nothing plays, nobody holds a channel: no light."""
        self.say(Stop())
        self.say(AllOn(False))
        for channel in self.people:
            self.tell_lights(ReleaseChannel(channel))
        self.people.clear()
        self.let(max(2.0, self.identified + 5.0 - self.t.now))
        assert self.t.status.state is State.IDLE
        assert self.t.node.shows(self.t.now) == DARK

    @rule(song=st.sampled_from([0, 1, 2]))
    def a_song_has_the_house(self, song: int) -> None:
        """Whatever was before: what plays is what shows, and nothing of another song."""
        self.at_rest_it_is_dark()
        self.say(Blackout(False))
        self.say(SetOption("delay", 0.0))
        self.say(Play(self.t.songs[song].id), then=1.8)
        levels, _ = self.t.node.shows(self.t.now)
        assert {n for n, level in enumerate(levels) if level} == {song}


TestHouse = House.TestCase
TestHouse.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
