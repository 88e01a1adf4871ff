"""Plays a prepared song: starts sound and lights at the same time, the lights after their delay."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from yulelight.actors import Ref
from yulelight.library.shows import Prepared
from yulelight.lights.messages import EVERY, EndShow, FollowShow, ForgetNext, Hold, LightsMessage, StartShow
from yulelight.player.services import SoundOut
from yulelight.player.transport import Transport


class Performance:
    """Controls sound and lights for one session. ``delay``: delay of the lights in seconds."""

    def __init__(
        self,
        sound: SoundOut,
        lights: Ref[LightsMessage],
        clock: Callable[[], float],
        *,
        delay: float,
        channels: frozenset[int],
    ) -> None:
        self._sound, self._lights, self._clock = sound, lights, clock
        self._channels = channels or EVERY
        self.delay = delay
        self.path: Path | None = None
        """The audio; None without sound, as for a scene."""
        self.prepared: Prepared | None = None

    @property
    def wait(self) -> float:
        """Delay of the lights after the sound in seconds."""
        return self._sound.wait(self.delay) + (self.prepared.delay if self.prepared else 0.0)

    def section_at(self, position: float) -> int:
        """The number of the song's section, 0 for the first."""
        return bisect_right(self.prepared.show.sections, position) - 1 if self.prepared else 0

    async def sound(self, position: float, at: float, *, follow: bool) -> None:
        """Starts the sound so that ``position`` is heard at ``at``; with ``follow`` the current sound continues until
        then.
        """
        if self.path is not None and self.prepared is not None:
            play = self._sound.follow if follow else self._sound.play
            await asyncio.to_thread(play, self.path, position, at, self.prepared.gain)

    async def silence(self) -> None:
        """Stops the sound, including any scheduled successor."""
        await asyncio.to_thread(self._sound.stop)

    def show(self, transport: Transport, due: float | None) -> None:
        """Sets the lights to the song's position; with ``due`` they start only then, and the current show
        continues.
        """
        if self.prepared is None:
            return
        now, paused = self._clock(), transport.paused_at
        origin = transport.origin(now) if paused is None else now - paused
        start, show = origin + self.wait, self.prepared.show
        if due is not None:
            self._lights.post(FollowShow(show, start, self._channels))
            return
        self._lights.post(StartShow(show, start, self._channels))
        if paused is not None:
            self._lights.post(Hold())

    async def hold(self) -> None:
        """Freezes the lights."""
        await self._lights.tell(Hold())

    async def forget_next(self) -> None:
        """Cancels the scheduled start of the lights."""
        await self._lights.tell(ForgetNext())

    async def end(self) -> None:
        """Releases sound and lights."""
        await self.silence()
        await self._lights.tell(EndShow())
