"""The present state of the show, and its publication."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from yulelight.core.messages import CHANNELS, Limit, ShowEvent, State, Status
from yulelight.core.text import readable
from yulelight.library.songs import Library
from yulelight.lights.messages import Standing
from yulelight.player.on_air import LIVE, OnAir
from yulelight.player.options import Options
from yulelight.player.program import Program
from yulelight.player.services import Feeds
from yulelight.player.slots import SessionHandle, SessionSlots
from yulelight.safety.frame import LightFrame
from yulelight.show.palettes import SONG, assigned, colours_of

MAX_SHOWN = 100
"""Maximum number of queued songs in a status."""


class Board:
    """The director's state: options, program and status. Every change is published."""

    def __init__(
        self,
        slots: SessionSlots,
        feeds: Feeds,
        library: Library,
        air: OnAir,
        *,
        defaults: Options,
        idle: LightFrame,
        clock: Callable[[], float],
    ) -> None:
        self.defaults = defaults
        self.options = self.defaults
        self.limit = Limit(1.0, 1.0)
        self.program = Program()
        self.status = Status()
        self.section = 0
        """The section of the song that plays, from 0."""
        self._song_colours: tuple[str, tuple[str, ...]] = "", ()
        self.changed = asyncio.Event()
        """Set by every change."""
        self._slots, self._feeds, self._library, self._air = slots, feeds, library, air
        self._idle, self._clock = idle, clock

    def set(self, **changes: Any) -> None:
        """Changes the status. A position is valid now, or at ``as_of``."""
        if "position" in changes:
            changes.setdefault("as_of", self._clock())
        self.status = replace(self.status, **changes)
        self.publish()

    def note(self, message: str) -> None:
        """Sets the error message for the user."""
        self.status = replace(self.status, message=message)

    def show(self, state: State | None, handle: SessionHandle, kind: Any) -> None:
        """Makes ``handle`` the current session. ``state`` None keeps state and position."""
        changes: dict[str, Any] = {"song": handle.item.song}
        if state is not None:
            self.section = 0
            changes |= {"state": state, "position": handle.position, "sections": ()}
        self.set(**changes)
        self.tell(kind, handle.item.song)

    def tell(self, kind: Any, song: Any, detail: str = "") -> None:
        """Publishes an event."""
        self._feeds.events.publish(ShowEvent(kind, song, detail))

    @property
    def uncoloured(self) -> str:
        """The id of the song whose colours are wanted and not known yet; empty if there is none."""
        song = self.status.song
        wanted = self.options.palette == SONG and song is not None and song.id and not song.colours
        return song.id if wanted and song is not None and song.id != self._song_colours[0] else ""

    def learn_colours(self, song: str, colours: tuple[str, ...]) -> None:
        """Those of the song with this id."""
        self._song_colours = song, colours

    def _colours(self) -> tuple[str, ...]:
        song = self.status.song
        known, own = self._song_colours
        told = song.colours or (own if song.id and song.id == known else ()) if song is not None else ()
        return assigned(colours_of(self.options.palette, told), self.section, CHANNELS)

    def position(self) -> float:
        """The present position in seconds."""
        status, on = self.status, self._slots.on
        moved = max(0.0, self._clock() - status.as_of) if on is not None and on.playing else 0.0
        return status.position + moved

    def standing(self) -> Standing:
        """The standing state for the lights, independent of the show."""
        brightness = min(self.options.brightness, self.limit.brightness)
        return Standing(self.status.blackout, self.status.all_on, brightness, self._idle)

    @property
    def volume(self) -> float:
        """The effective volume."""
        return min(self.options.volume, self.limit.volume)

    def _sound(self) -> str:
        on = self._slots.on
        if on is None:
            return ""
        if on.live:
            return LIVE if self._air.remote else ""
        return on.item.sound

    def publish(self) -> None:
        """Publishes the status."""
        queue, options, on = self.program.queue, self.options, self._slots.on
        coming = (entry.item.song for entry in queue.coming)
        idle = self.program.phase is State.IDLE
        self.status = replace(
            self.status,
            queue=tuple(song for song in islice(coming, MAX_SHOWN) if song is not None),
            queued=len(queue.coming),
            index=len(queue.past),
            wished=tuple(entry.item.song.id for entry in queue.coming if entry.wished and entry.item.song),
            wishable=self.program.wishable,
            playlist=self.program.playlist,
            look=(on and on.look) or options.look,
            model=(on and on.model) or options.model,
            palette=options.palette,
            colours=self._colours(),
            volume=options.volume,
            brightness=options.brightness,
            delay=options.delay,
            shuffle=options.shuffle if idle else queue.shuffled,
            repeat=options.repeat if idle else queue.repeat,
            armed=options.armed,
            led=on is not None and on.led,
            sound=self._sound(),
            missing_music=self._missing(),
        )
        self._feeds.statuses.publish(self.status)
        self.changed.set()

    def look_around(self) -> None:
        """Publishes the status if external conditions have changed."""
        if self._missing() != self.status.missing_music:
            self.publish()

    def _missing(self) -> tuple[str, ...]:
        return tuple(map(readable, self._library.missing))
