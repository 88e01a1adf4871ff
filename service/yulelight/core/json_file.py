"""Small JSON files for the program's own use: each holds one model and a format version. Blocking."""

import hashlib
import json
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import TypeAdapter

from yulelight.core import storage
from yulelight.core.errors import UsageError

T = TypeVar("T")


class Codec(Protocol[T]):
    """Converts values to what JSON can express and back, as pydantic's TypeAdapter does."""

    def validate_python(self, object: Any, /) -> T:
        """The value. Raises ValueError or UsageError for anything else."""
        ...

    def dump_python(self, instance: T, /, *, mode: Literal["json"]) -> Any:
        """The inverse."""
        ...


class JsonFile(Generic[T]):
    """The file at ``path``, which holds one ``model``: a dataclass or any other type that pydantic supports, or
    something that converts itself.

    Its JSON object contains the model's fields and, under ``key``, the ``version`` of the format; without a ``key`` it
    is the model alone, of whatever JSON type. A file that is damaged, of another version or larger than ``largest``
    bytes is set aside, never overwritten. ``shared``: as for storage.write.
    """

    def __init__(
        self,
        path: Path,
        model: type[T] | Codec[T],
        *,
        version: int = 1,
        key: str | None = "version",
        largest: int = 1_000_000,
        shared: bool = False,
    ) -> None:
        self.path = path
        self._codec: Codec[T] = TypeAdapter(model) if isinstance(model, type) else model
        self._version, self._key, self._largest, self._shared = version, key, largest, shared
        self._written: bytes | None = None
        """Digest of what was stored or loaded last."""

    def load(self) -> T | None:
        """The stored value; None if there is no file. Raises OSError, and ValueError for a file that was set
        aside.
        """
        storage.tidy(self.path.parent, self.path.name)
        self._written = None
        try:
            data = storage.read(self.path, self._largest)
            if data is None:
                return None
            value = self.parse(data)
        except ValueError as error:
            storage.set_aside(self.path, error)
            raise
        self._written = hashlib.sha256(data).digest()
        return value

    def save(self, value: T) -> None:
        """Stores ``value`` atomically unless the file holds it. Raises OSError."""
        data = self.dump(value)
        digest = hashlib.sha256(data).digest()
        if digest != self._written or not self.path.exists():
            storage.write(self.path, data, shared=self._shared)
            self._written = digest

    def remove(self) -> None:
        """Removes the file, if there is one. Raises OSError."""
        self._written = None
        self.path.unlink(missing_ok=True)

    def dump(self, value: T) -> bytes:
        """The content of the file for ``value``."""
        body = self._codec.dump_python(value, mode="json")
        if self._key is not None:
            body = {self._key: self._version, **body}
        return json.dumps(body, separators=(",", ":")).encode()

    def parse(self, data: bytes) -> T:
        """The inverse of ``dump``. Raises ValueError for anything else."""
        try:
            body: Any = json.loads(data)
            if self._key is not None and (
                not isinstance(body, dict) or body.pop(self._key, None) != self._version
            ):
                raise ValueError("it was written by another version of this program")
            return self._codec.validate_python(body)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        except UsageError as error:  # raised by a validator of the model
            raise ValueError(str(error)) from error
