"""Renders songs in the background, one after the other, at the lowest priority."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from yulelight.core.errors import AudioError, CommandError, YulelightError
from yulelight.library.cache import name_of
from yulelight.library.renderer import Renderer, WorkerLostError
from yulelight.library.show_source import LibraryShows, RenderKey
from yulelight.library.songs import LibrarySong
from yulelight.library.survey import Survey
from yulelight.library.worker import Job

log = logging.getLogger(__name__)

RETRY = 600.0
"""Seconds until a retry after rendering had to stop, for example for lack of disk space."""


class Background:
    """The queue of songs to render, and the songs being rendered.

    ``told`` is called on the loop after every change. It belongs to the librarian, which runs ``serve`` in one task
    per worker.
    """

    def __init__(self, shows: LibraryShows, told: Callable[[], object]) -> None:
        self.survey = Survey()
        self.rendering, self.progress, self.message = "", 0.0, ""
        self.finished = 0
        """The number of songs that were rendered or found to be unplayable."""
        self._shows, self._library, self._cache = shows, shows.library, shows.cache
        self._told = told
        self._asked: dict[str, None] = {}
        self._busy: dict[str, Renderer] = {}
        """Songs to render without a request, by id."""
        self._news = asyncio.Event()

    def take(self, survey: Survey) -> None:
        """Replaces the queue."""
        self.survey, self.message = survey, ""
        self.wake()

    def ask(self, song: str) -> None:
        """Renders this song next, even while the background is paused."""
        self._asked[song] = None
        self.wake()

    def wake(self) -> None:
        """Makes the workers check the queue."""
        self._news.set()
        self._news = asyncio.Event()

    def rest(self) -> None:
        """Cancels songs being rendered without a request; they return to the queue."""
        for renderer in self._busy.values():
            renderer.kill()

    async def serve(self, settle: float) -> None:
        """Runs one worker: renders the next song, and ends its process when there is none.

        For the first ``settle`` seconds (which may be infinite) only requested songs are rendered, so that the start
        of the service is not slowed down.
        """
        loop, renderer = asyncio.get_running_loop(), Renderer()
        begin = loop.time() + settle
        try:
            while True:
                news, now = self._news, loop.time()
                if (found := await self._asked_for()) is not None:
                    await self._render(found, renderer, asked=True)
                elif now >= begin and (found := await self._next()) is not None:
                    await self._render(found, renderer, asked=False)
                else:
                    await renderer.close()
                    await self._wait(news, RETRY if now >= begin else min(RETRY, begin - now))
        finally:
            await renderer.close()

    async def _wait(self, news: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            self.message = ""

    async def _asked_for(self) -> LibrarySong | None:
        while self._asked:
            song = next(iter(self._asked))
            del self._asked[song]
            with contextlib.suppress(CommandError):
                return await asyncio.to_thread(self._library.find, song)
        return None

    async def _next(self) -> LibrarySong | None:
        if self._shows.user_settings.paused or self.message:
            return None
        found = next((song for song in self.survey.waiting if song.song.id not in self._busy), None)
        if found is None:
            return None
        typical = self._cache.bytes // max(1, len(self.survey.wanted))
        if not await asyncio.to_thread(self._cache.make_room, self.survey.wanted, typical):
            self._stop("the space for shows is full; the other songs are rendered when they play")
            return None
        return found

    async def _render(self, found: LibrarySong, renderer: Renderer, *, asked: bool) -> None:
        id = found.song.id
        if not asked:
            self._busy[id] = renderer
        self.rendering = found.song.title
        self._hear(found, 0.0)
        try:
            dress = await asyncio.to_thread(self._shows.dress, found)
            answer = await self._twice(found, dress, renderer)
            if answer["file"]:
                for warning in answer.get("warnings", ()):
                    log.warning("%s", warning)
                name = name_of(answer["content"], dress.plan.key())
                await asyncio.to_thread(self._keep, found, answer, name)
                self._done(id, name)
            else:
                self._stop(f"shows cannot be saved: {answer['full']}")
        except (AudioError, WorkerLostError) as error:
            if asked or not self._shows.user_settings.paused:
                log.warning("%s: %s", found.song.title, error)
                await asyncio.to_thread(self._library.note, found, problem=str(error))
                self._done(id, "")
        except (YulelightError, OSError) as error:
            self._stop(str(error))
        finally:
            self._busy.pop(id, None)
            self.rendering, self.progress = "", 0.0
            self._told()

    async def _twice(self, found: LibrarySong, dress: RenderKey, renderer: Renderer) -> dict[str, Any]:
        """Renders with one retry, because a worker can die for reasons unrelated to the song."""
        plan = dress.plan
        job = Job(
            str(found.path),
            found.content,
            str(dress.model),
            asdict(plan.look),
            plan.gain,
            str(self._cache.folder),
        )
        try:
            return await renderer.render(job, lambda seconds: self._hear(found, seconds))
        except WorkerLostError:
            if self._shows.user_settings.paused:
                raise
            self._hear(found, 0.0)
            return await renderer.render(job, lambda seconds: self._hear(found, seconds))

    def _keep(self, found: LibrarySong, answer: dict[str, Any], name: str) -> None:
        """Adds a new show to the cache, and removes others to make room for it. Runs in a thread."""
        self._cache.adopt(name)
        if not self._cache.make_room(self.survey.wanted | {name}):
            self._cache.make_room({name})
        self._library.note(found, content=answer["content"], seconds=answer["seconds"])

    def _done(self, id: str, name: str) -> None:
        self.finished += 1
        now = self.survey
        self.survey = replace(
            now,
            rendered=now.rendered | {id} if name else now.rendered,
            wanted=now.wanted | {name} if name else now.wanted,
            unplayable=now.unplayable - {id} if name else now.unplayable | {id},
            waiting=tuple(song for song in now.waiting if song.song.id != id),
        )

    def _stop(self, why: str) -> None:
        log.warning("%s", why)
        self.message = why
        self._told()

    def _hear(self, found: LibrarySong, seconds: float) -> None:
        # Its duration may have been read in the meantime.
        length = self._library.duration(found.song.id) or found.song.duration
        self.progress = min(1.0, seconds / length) if length else 0.0
        self._told()
