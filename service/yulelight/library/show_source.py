"""Provides shows from the cache, or renders them on demand. See yulelight.library.shows.ShowSource."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yulelight.core.errors import AudioError, CommandError, ModelError
from yulelight.encoder.catalogue import describe, find, known
from yulelight.encoder.check import checked
from yulelight.encoder.model import Encoder
from yulelight.library.cache import ShowCache, name_of
from yulelight.library.content import content_key
from yulelight.library.foreground import render_apart, render_into
from yulelight.library.look_book import LookBook
from yulelight.library.shows import Plan, Prepared, SongSettings
from yulelight.library.songs import Library, LibrarySong
from yulelight.library.user_settings import UserSettings
from yulelight.show.look import LIVELY, Look
from yulelight.show.show import Show

log = logging.getLogger(__name__)


class StyleCatalogue:
    """Models and looks by name. Blocks while checking a model; thread-safe."""

    def __init__(self, looks: Mapping[str, Look], folders: Iterable[Path] = ()) -> None:
        self.looks = LookBook(looks)
        self._folders = tuple(folders)
        self._loaded: dict[str, tuple[Path, Encoder]] = {}
        self._lock = threading.Lock()

    def models(self) -> list[str]:
        """The available names."""
        return sorted(known(self._folders))

    def described(self) -> dict[str, str]:
        """Each model's name and description. Blocking."""
        return {name: describe(path) for name, path in sorted(known(self._folders).items())}

    def path(self, model: str) -> Path:
        """The model's file. Raises ModelError."""
        return self._load(model)[0]

    def encoder(self, model: str) -> Encoder:
        """The model, checked once. Raises ModelError."""
        return self._load(model)[1]

    def _load(self, model: str) -> tuple[Path, Encoder]:
        with self._lock:
            if model not in self._loaded:
                path = find(model, self._folders)
                self._loaded[model] = path, checked(path)
            return self._loaded[model]


@dataclass(frozen=True, slots=True)
class RenderKey:
    """What a song is rendered with."""

    model: Path
    plan: Plan


class LibraryShows:
    """The library's ShowSource. ``changed`` is called on the loop whenever the result of a survey may have
    changed.
    """

    def __init__(
        self,
        library: Library,
        *,
        user_settings: UserSettings,
        cache: ShowCache,
        styles: StyleCatalogue,
        model: str,
        look: str,
    ) -> None:
        self.library, self.user_settings, self.cache, self.styles = library, user_settings, cache, styles
        self.changed: Callable[[], None] = lambda: None
        self._model, self._look = model, look
        self._chosen: dict[str, SongSettings] = {}

    def settings(self, song: str) -> SongSettings:
        """The user's settings for the song; never blocks."""
        return self._chosen.get(song) or SongSettings()

    def refresh(self) -> None:
        """Reads the settings of all songs again. Blocking; called after every scan and change."""
        self._chosen = {
            found.song.id: self.user_settings.of(found.song.id, found.settings)
            for found in (*self.library.absent(), *self.library.songs())
        }

    def prefer(self, *, model: str, look: str) -> None:
        """Sets the names of model and look for which songs are rendered in the background from now on."""
        if look not in self.styles.looks:
            log.warning("songs are not rendered for the look %s, which is not there", look)
            return
        if (model, look) != (self._model, self._look):
            self._model, self._look = model, look
            self.changed()

    async def show(
        self,
        found: LibrarySong,
        encoder: Encoder,
        look: Look,
        progress: Callable[[float], None] | None = None,
    ) -> Prepared:
        """The song's show from the cache, or rendered now in a separate process that ends when this is cancelled.

        Raises AudioError.
        """
        chosen = self.settings(found.song.id)
        plan = Plan(encoder.mark, look, chosen.gain)
        made = False
        try:
            found, show = await asyncio.to_thread(self._kept, found, plan)
            if show is None:
                made = True
                show = await self._rendered(found, encoder, plan, progress or (lambda seconds: None))
        except AudioError as error:
            made = True
            self.library.note(found, problem=str(error))
            raise
        finally:
            if made:
                self.changed()
        self.library.note(found, content=found.content, seconds=show.duration)
        start, end = show.audible if chosen.trim and show.audible else (0.0, show.duration)
        return Prepared(show, start, end, chosen.gain, chosen.delay)

    def dress(self, found: LibrarySong) -> RenderKey:
        """What ``found`` is rendered with in the background.

        Blocking. A look or model that no longer exists is replaced by the default. Raises ModelError if that does not
        exist, either.
        """
        chosen = self.settings(found.song.id)
        looks = self.styles.looks
        look = looks.get(chosen.look or "") or looks.get(self._look) or LIVELY
        try:
            model = chosen.model or self._model
            encoder = self.styles.encoder(model)
        except ModelError as error:
            log.warning("%s: %s", found.song.title, error)
            model = self._model
            encoder = self.styles.encoder(model)
        return RenderKey(self.styles.path(model), Plan(encoder.mark, look, chosen.gain))

    def rendered(self, found: LibrarySong) -> bool:
        """Whether the show that the background would render is in the cache. Blocking."""
        return bool(found.content) and name_of(found.content, self.dress(found).plan.key()) in self.cache

    def kept(self, found: LibrarySong) -> Show | None:
        """The cached show that the background would render. Blocking."""
        return self.cache.get(name_of(found.content, self.dress(found).plan.key())) if found.content else None

    def _kept(self, found: LibrarySong, plan: Plan) -> tuple[LibrarySong, Show | None]:
        """The song with its content key, and its show if it is in the cache. Raises AudioError."""
        with contextlib.suppress(CommandError):
            found = self.library.find(found.song.id)
        try:
            content = found.content or content_key(found.path)
        except OSError as error:
            raise AudioError(f"{found.path.name} cannot be read: {error.strerror}; copy it again.") from error
        self.library.note(found, content=content, problem=found.problem)
        found = replace(found, content=content)
        return found, self.cache.get(name_of(content, plan.key()))

    async def _rendered(
        self, found: LibrarySong, encoder: Encoder, plan: Plan, progress: Callable[[float], None]
    ) -> Show:
        answer = await render_into(
            self.cache.folder, found.path, encoder, plan, progress=progress, content=found.content
        )
        name = answer["file"]
        if name and (show := await asyncio.to_thread(self._adopted, name)):
            return show
        log.warning("the show of %s is not stored: %s", found.song.title, answer.get("full", "it is gone"))
        return await render_apart(found.path, encoder, plan, progress=progress, content=found.content)

    def _adopted(self, name: str) -> Show | None:
        """The show that another process has written to the cache."""
        try:
            self.cache.adopt(name)
        except OSError:
            return None
        self.cache.make_room({name})
        return self.cache.get(name)
