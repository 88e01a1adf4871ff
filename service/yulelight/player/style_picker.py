"""Chooses look and model for an item: its own, otherwise those of the show, otherwise the defaults."""

import asyncio
import logging

from yulelight.core.errors import ModelError
from yulelight.player.board import Board
from yulelight.player.opening import Style
from yulelight.player.program import Item, Program
from yulelight.player.services import Music
from yulelight.player.session_messages import Restyle
from yulelight.player.slots import SessionHandle
from yulelight.show.look import Look

log = logging.getLogger(__name__)


class StylePicker:
    """Chooses styles for items. A missing model is replaced by the default, with a message to the user."""

    def __init__(self, music: Music, board: Board) -> None:
        self._music, self._board = music, board

    async def style(self, item: Item, program: Program) -> tuple[Style, tuple[str, str]]:
        """The item's style, and the names of look and model."""
        return await self._made(*self._names(item, program))

    async def restyle(self, handles: list[SessionHandle], on: SessionHandle | None, option: str) -> None:
        """Applies a newly chosen default look or model to the current item, whatever it had."""
        for handle in handles:
            look, model = self._names(handle.item, self._board.program)
            if handle is on:
                look = self._board.options.look if option == "look" else handle.look or look
                model = self._board.options.model if option == "model" else handle.model or model
            style, (handle.look, handle.model) = await self._made(look, model)
            await handle.ref.tell(Restyle(style))

    async def attempt(self, on: SessionHandle, name: str, look: Look) -> None:
        """Shows what plays in ``look`` until another is chosen or it is over. An empty name keeps the name."""
        encoder = await asyncio.to_thread(self._music.styles.encoder, on.model or self._board.options.model)
        on.look = name or on.look
        await on.ref.tell(Restyle(Style(encoder, look)))

    def _names(self, item: Item, program: Program) -> tuple[str, str]:
        options = self._board.options
        own = self._music.shows.settings(item.song.id) if item.song and item.song.id else None
        look = (own and own.look) or program.look or options.look
        model = (own and own.model) or program.model or options.model
        known = (name for name in (look, options.look) if name in self._music.styles.looks)
        return next(known, self._board.defaults.look), model

    async def _made(self, look: str, model: str) -> tuple[Style, tuple[str, str]]:
        styles, usual = self._music.styles, self._board.defaults.model
        for name in (model, self._board.options.model):
            try:
                encoder = await asyncio.to_thread(styles.encoder, name)
                break
            except ModelError as error:
                log.warning("%s", error)
                self._board.note(str(error))
        else:
            encoder = await asyncio.to_thread(styles.encoder, usual)
        return Style(encoder, styles.looks[look]), (look, encoder.manifest.name)
