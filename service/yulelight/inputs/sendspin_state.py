"""The persistent state of the Sendspin player: its identity, its pairings, its output delay."""

import asyncio
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from aiosendspin.noise.keys import Identity, b64url_decode
from aiosendspin.noise.trust_store import FileClientPairingStore

from yulelight.core import storage
from yulelight.core.errors import AudioError
from yulelight.core.json_file import JsonFile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept:
    private_key: str
    """Base64url; its public half identifies the player to servers."""
    output_delay: float = 0.0
    """Milliseconds."""


class PlayerState:
    """State in two files, readable only by the owner. A damaged file is set aside and replaced by a new one."""

    def __init__(self, file: JsonFile[_Kept], kept: _Kept, pairings: FileClientPairingStore) -> None:
        self._file, self._kept = file, kept
        self.pairings = pairings
        self.identity = Identity.from_private_bytes(b64url_decode(kept.private_key))
        self._saving: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, folder: Path, *, unpaired: bool) -> "PlayerState":
        """Loads the state in ``folder``. ``unpaired``: whether servers need no pairing. Raises AudioError."""
        file = JsonFile(folder / "sendspin.json", _Kept, largest=10_000)
        try:
            kept = await asyncio.to_thread(_load, file)
            pairings = await _pairings(folder / "sendspin-pairings.json")
            config = await pairings.get_pairing_config()
            if config.unpaired_access_enabled != unpaired:
                await pairings.store_pairing_config(replace(config, unpaired_access_enabled=unpaired))
        except OSError as error:
            raise AudioError(f"{folder} cannot keep the Sendspin player's name: {error.strerror}") from error
        return cls(file, kept, pairings)

    @property
    def output_delay(self) -> float:
        """Milliseconds by which the light is to be earlier, as set by a server."""
        return self._kept.output_delay

    def keep_output_delay(self, milliseconds: float) -> None:
        """Stores it in the background."""
        self._kept = replace(self._kept, output_delay=milliseconds)
        before = self._saving
        self._saving = asyncio.ensure_future(self._save(self._kept, before))

    async def _save(self, kept: _Kept, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await before
        try:
            await asyncio.to_thread(self._file.save, kept)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file.path, error)


def _load(file: JsonFile[_Kept]) -> _Kept:
    try:
        kept = file.load()
        if kept is not None and len(b64url_decode(kept.private_key)) == 32:
            return kept
        if kept is not None:
            storage.set_aside(file.path, "its key is none")
    except ValueError:
        pass  # it was set aside
    made = _Kept(Identity.generate().private_b64u)
    file.save(made)
    return made


async def _pairings(path: Path) -> FileClientPairingStore:
    try:
        return await FileClientPairingStore.open(path)
    except (ValueError, TypeError, LookupError) as error:
        await asyncio.to_thread(storage.set_aside, path, error)
        return await FileClientPairingStore.open(path)
