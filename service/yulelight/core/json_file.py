"""Small JSON files for the program's own use: each holds one model and a format version. Blocking."""

import json
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from yulelight.core import storage
from yulelight.core.errors import UsageError

T = TypeVar("T")


class JsonFile(Generic[T]):
    """The file at ``path``, which holds one ``model``: a dataclass or any other type that pydantic supports.

    Its JSON object contains the model's fields and, under ``key``, the ``version`` of the format. A file that is
    damaged, of another version or larger than ``largest`` bytes is set aside, never overwritten.
    """

    def __init__(
        self, path: Path, model: type[T], *, version: int = 1, key: str = "version", largest: int = 1_000_000
    ) -> None:
        self.path = path
        self._model: TypeAdapter[T] = TypeAdapter(model)
        self._version, self._key, self._largest = version, key, largest
        self._written: bytes | None = None

    def load(self) -> T | None:
        """The stored value; None if there is no file. Raises OSError, and ValueError for a file that was set
        aside.
        """
        storage.tidy(self.path.parent, self.path.name)
        try:
            data = storage.read(self.path, self._largest)
            return None if data is None else self.parse(data)
        except ValueError as error:
            storage.set_aside(self.path, error)
            raise

    def save(self, value: T) -> None:
        """Stores ``value`` atomically unless it equals the last one stored. Raises OSError."""
        data = self.dump(value)
        if data != self._written:
            storage.write(self.path, data)
            self._written = data

    def dump(self, value: T) -> bytes:
        """The content of the file for ``value``."""
        body = {self._key: self._version, **self._model.dump_python(value, mode="json")}
        return json.dumps(body, separators=(",", ":")).encode()

    def parse(self, data: bytes) -> T:
        """The inverse of ``dump``. Raises ValueError for anything else."""
        try:
            body: Any = json.loads(data)
            if not isinstance(body, dict) or body.pop(self._key, None) != self._version:
                raise ValueError("it was written by another version of this program")
            return self._model.validate_python(body)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        except UsageError as error:  # raised by a validator of the model
            raise ValueError(str(error)) from error
