"""Small files of JSON that the program keeps for itself: one model each, with a version. Blocking."""

import json
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from yulelight.core import storage
from yulelight.core.errors import UsageError

T = TypeVar("T")


class JsonFile(Generic[T]):
    """The file at ``path``, which holds one ``model``: a dataclass, or anything that pydantic knows.

    It is an object whose ``key`` says by which ``version`` of the format it was written, beside the model's fields. A
    file of another version, a damaged one and one of more than ``largest`` bytes are set aside, never overwritten.
    """

    def __init__(
        self, path: Path, model: type[T], *, version: int = 1, key: str = "version", largest: int = 1_000_000
    ) -> None:
        self.path = path
        self._model: TypeAdapter[T] = TypeAdapter(model)
        self._version, self._key, self._largest = version, key, largest
        self._written: bytes | None = None

    def load(self) -> T | None:
        """What is kept; None when there is no file. Raises OSError, and ValueError for one that was set aside."""
        storage.tidy(self.path.parent, self.path.name)
        try:
            data = storage.read(self.path, self._largest)
            return None if data is None else self.parse(data)
        except ValueError as error:
            storage.set_aside(self.path, error)
            raise

    def save(self, value: T) -> None:
        """Keeps ``value``, atomically, unless it is what was kept last. Raises OSError."""
        data = self.dump(value)
        if data != self._written:
            storage.write(self.path, data)
            self._written = data

    def dump(self, value: T) -> bytes:
        """``value`` as it stands in the file."""
        body = {self._key: self._version, **self._model.dump_python(value, mode="json")}
        return json.dumps(body, separators=(",", ":")).encode()

    def parse(self, data: bytes) -> T:
        """The mirror of ``dump``. Raises ValueError for anything else."""
        try:
            body: Any = json.loads(data)
            if not isinstance(body, dict) or body.pop(self._key, None) != self._version:
                raise ValueError("it was written by another version of this program")
            return self._model.validate_python(body)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        except UsageError as error:  # a validator of the model's own
            raise ValueError(str(error)) from error
