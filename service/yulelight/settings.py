"""All settings: defaults, then yulelight.toml, then YULELIGHT_* variables, then the command line.

A nested setting is written ``[http] port = 8770`` in the file and ``YULELIGHT_HTTP__PORT=8770`` outside.
"""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from yulelight.errors import UsageError


def data_home() -> Path:
    """Where a service keeps its identity and state unless told otherwise."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "yulelight"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(_Group):
    """The page and the API."""

    host: str = "0.0.0.0"
    port: int = Field(8770, ge=1, le=65535)


class Mqtt(_Group):
    """The broker: an address, or none to run the embedded one."""

    broker: str | None = None
    """mqtt://user:password@host:1883 or mqtts://…; None starts the embedded broker."""
    host: str = "0.0.0.0"
    """Where the embedded broker listens."""
    port: int = Field(1883, ge=1, le=65535)


class Zeroconf(_Group):
    """The announcement on the local network."""

    enabled: bool = True
    interfaces: list[str] = []
    """Addresses of the interfaces to announce on; empty means all."""


class Sound(_Group):
    """What comes out of this machine's sound card."""

    enabled: bool = True
    device: str | None = None
    delay: float = Field(0.0, ge=-2.0, le=5.0)
    """Seconds by which the sound reaches people later than the card is told; the lights wait as long."""


class Light(_Group):
    """How frames leave."""

    look_ahead: float = Field(0.6, ge=0.1, le=5.0)
    """Seconds a frame of a song leaves before it shows."""
    live_delay: float = Field(0.02, ge=0.0, le=1.0)
    """Seconds between a live frame's leaving and its showing, so that network jitter does not."""


class Settings(BaseSettings):
    """The service's settings."""

    model_config = SettingsConfigDict(
        env_prefix="YULELIGHT_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    name: str = Field("Yulelight", min_length=1, max_length=60)
    data: Path = Field(default_factory=data_home)
    music: list[Path] = []
    """Folders and files to play from; the bundled carol is always there."""
    model: str = "mel"
    models: list[Path] = []
    """Folders with more models than the bundled ones."""
    http: Http = Http()
    mqtt: Mqtt = Mqtt()
    zeroconf: Zeroconf = Zeroconf()
    sound: Sound = Sound()
    light: Light = Light()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line (init) first, then environment, then the file named by its ``toml_file``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(file: Path | None = None, **overrides: Any) -> Settings:
    """The settings with ``overrides`` from the command line; those that are None do not count.

    ``file`` must exist when it is named; yulelight.toml in the working directory is used when it is there.
    Nested overrides are written ``http__port``. Raises UsageError naming each wrong setting.
    """
    if file is not None and not file.is_file():
        raise UsageError(f"no settings file at {file}; leave --config out to use the defaults")
    nested: dict[str, Any] = {}
    for key, value in overrides.items():
        if value is not None:
            group, _, name = key.rpartition("__")
            (nested.setdefault(group, {}) if group else nested)[name] = value
    source = file or Path("yulelight.toml")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=source)

    try:
        return FromFile(**nested)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UsageError(f"settings: {problems} (from {source}, YULELIGHT_* or the command line)") from None
    except ValueError as error:
        raise UsageError(f"{source} is not a settings file: {error}") from None
