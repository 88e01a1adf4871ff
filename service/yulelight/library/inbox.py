"""Songs that are sent from a phone, piece by piece, into a music folder. Blocking.

A piece names where it begins, so that a broken connection costs one piece: whoever sends asks how far the file is and
goes on there. What is being received lies in the same folder as a hidden file, which no library lists; only a whole
file gets its name, and never that of another file.
"""

import contextlib
import hashlib
import os
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from yulelight.core.errors import CommandError, StorageError, UsageError
from yulelight.library.walk import SUFFIXES

MAX_BYTES = 500_000_000
"""Of one song."""
MAX_PIECE = 4_000_000
MAX_OPEN = 8
"""Files that are being received at the same time; of more, the one that has waited longest is given up."""
RESERVE = 200_000_000
"""Bytes of the disk that stay free."""
STALE = 86_400.0
"""Seconds after which a file that nobody goes on with is given up."""
MAX_NAME = 120
"""Bytes of a name without its suffix."""
HEAD = 16
_PART = ".yulelight-upload-"

_BEGINNINGS = (
    b"ID3",
    b"fLaC",
    b"OggS",
    b"RIFF",
    b"RIFX",
    b"RF64",
    b"FORM",
    b"MAC ",
    b"wvPk",
    b"caff",
    b"MPCK",
    b"MP+",
    b"TTA1",
    b"ADIF",
    b"\x0b\x77",
)
_ASF = bytes.fromhex("3026b2758e66cf11")
_MATROSKA = bytes.fromhex("1a45dfa3")


def song_name(name: str) -> str:
    """The file name to keep a song by. Raises UsageError for one that is none, such as a path, or of no known kind."""
    plain = unicodedata.normalize("NFC", name)
    path = Path(plain)
    if plain != path.name or "\\" in plain or not plain.isprintable() or plain.startswith("."):
        raise UsageError("a song's name is the name of a file, without folders")
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(sorted(suffix.removeprefix(".") for suffix in SUFFIXES))
        raise UsageError(f"this kind of file holds no song that can be played here; send one of {known}")
    stem = path.stem.encode()[:MAX_NAME].decode(errors="ignore").strip(" .")
    # Names that Windows, or a USB stick, would not take.
    stem = "".join("_" if c in '<>:"|?*/' else c for c in stem)
    if not stem:
        raise UsageError("this song's name is empty")
    return stem + path.suffix.lower()


def looks_like_music(head: bytes) -> bool:
    """Whether a file may be music by its first bytes; what it really is, its reading will tell. Pure."""
    if head.startswith((*_BEGINNINGS, _ASF, _MATROSKA)) or head[4:8] == b"ftyp":
        return True
    # MPEG audio without tags: eleven bits of synchronization, and a version and layer that exist.
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x18 != 0x08


class Inbox:
    """``folder`` says where songs go now; None where there is no place for them. Thread-safe."""

    def __init__(self, folder: Callable[[], Path | None], clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()

    def offset(self, key: str) -> int:
        """How much of the file known as ``key`` has come; 0 for one that nobody has begun."""
        with contextlib.suppress(FileNotFoundError):
            return self._part(self._place(), key).stat().st_size
        return 0

    def take(self, key: str, name: str, size: int, offset: int, piece: bytes) -> str:
        """Adds ``piece`` at ``offset``; answers with the song's file name once all ``size`` bytes are there, else "".

        Raises UsageError for what can be no song, CommandError when the piece does not go on where the file ends, and
        StorageError.
        """
        wanted = song_name(name)
        if not 0 < size <= MAX_BYTES:
            raise UsageError(f"a song has at most {MAX_BYTES // 1_000_000} MB")
        if len(piece) > MAX_PIECE or not piece or offset + len(piece) > size:
            raise UsageError(f"send the song in pieces of at most {MAX_PIECE} bytes, in their order")
        folder = self._place()
        part = self._part(folder, key)
        with self._lock:
            try:
                return self._add(folder, part, wanted, size=size, offset=offset, piece=piece)
            except OSError as error:
                raise StorageError.of("the song", error) from error

    def drop(self, key: str) -> None:
        """It is not wanted any more."""
        self._part(self._place(), key).unlink(missing_ok=True)

    def _add(self, folder: Path, part: Path, wanted: str, *, size: int, offset: int, piece: bytes) -> str:
        have = part.stat().st_size if part.exists() else 0
        if offset != have:
            raise CommandError(f"this song goes on at byte {have}; send the piece that begins there")
        if not have:
            if len(piece) < min(HEAD, size):
                raise UsageError(f"begin with a piece of at least {HEAD} bytes")
            if not looks_like_music(piece[:HEAD]):
                raise UsageError("this file is not music, whatever its name says; send another")
            self._make_room(folder, size)
        with part.open("ab") as file:
            file.write(piece)
            file.flush()
            if have + len(piece) == size:
                os.fsync(file.fileno())
        return self._place_whole(folder, part, wanted) if have + len(piece) == size else ""

    def _place_whole(self, folder: Path, part: Path, wanted: str) -> str:
        """The name that the file got: that of no other file."""
        stem, suffix = Path(wanted).stem, Path(wanted).suffix
        for n in range(1, 1000):
            target = folder / (wanted if n == 1 else f"{stem} ({n}){suffix}")
            try:
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            except FileExistsError:
                if n == 1 and _same(target, part):
                    part.unlink()
                    return target.name
                continue
            part.chmod(0o644)
            part.replace(target)
            return target.name
        raise CommandError("there are too many songs of this name; rename the file and send it again")

    def _make_room(self, folder: Path, size: int) -> None:
        parts = sorted(folder.glob(f"{_PART}*"), key=lambda path: path.stat().st_mtime)
        now = self._clock()
        for k, path in enumerate(parts):
            if now - path.stat().st_mtime > STALE or len(parts) - k >= MAX_OPEN:
                path.unlink(missing_ok=True)
        if shutil.disk_usage(folder).free < size + RESERVE:
            raise CommandError("there is too little room on the disk for this song; remove something first")

    def _place(self) -> Path:
        folder = self._folder()
        if folder is None:
            raise CommandError("no music folder is there now; plug in its disk, or name one in the settings")
        return folder

    @staticmethod
    def _part(folder: Path, key: str) -> Path:
        """What clients call a file never becomes part of a path."""
        return folder / f"{_PART}{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while piece := left.read(1 << 20):
            if piece != right.read(1 << 20):
                return False
    return True
