"""All settings: defaults, then yulelight.toml, then YULELIGHT_* variables, then the command line.

A nested setting is written ``[http] port = 8770`` in the file and ``YULELIGHT_HTTP__PORT=8770`` in the environment.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from yulelight.app.input_settings import InputContext, LiveInput
from yulelight.app.look_settings import OwnLook
from yulelight.app.mqtt_light_settings import MqttLightOutput, check
from yulelight.app.output_settings import DirectOutput
from yulelight.app.own_looks import stored
from yulelight.app.settings_errors import explain, explain_toml, mistyped
from yulelight.app.settings_groups import (
    Channel,
    Guests,
    Http,
    LibraryCare,
    Light,
    Mqtt,
    PlaceOnEarth,
    QuietHours,
    Sound,
    Urls,
    Zeroconf,
)
from yulelight.core.errors import UsageError
from yulelight.core.identity import data_home
from yulelight.core.messages import CHANNELS
from yulelight.outputs.base import node_id
from yulelight.outputs.settings import AnyOutput, two_on_one
from yulelight.safety.frame import SWITCHED_ABOVE, LightFrame
from yulelight.safety.limits import Limits
from yulelight.show.look import LOOKS, Look
from yulelight.show.palettes import NAMES, OWN

_Level = Annotated[int, Field(ge=0, le=255)]


def _several(value: object) -> object:
    """Accepts a single path instead of a list; in the environment also a list as JSON."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.lstrip().startswith("[") else [value]


_Paths = Annotated[list[Path], NoDecode, BeforeValidator(_several)]


class Settings(BaseSettings):
    """The service's settings."""

    model_config = SettingsConfigDict(
        env_prefix="YULELIGHT_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    name: str = Field("Yulelight", min_length=1, max_length=60)
    data: Path = Field(default_factory=data_home)
    music: _Paths = []
    """Folders and files to play from; the bundled carol is always included."""
    model: str = "wide"
    models: _Paths = []
    """Folders with models in addition to the bundled ones."""
    look: str = "lively"
    """Name of a bundled look, or of one of ``looks``."""
    looks: dict[str, OwnLook] = {}
    palette: str = OWN
    """The colours of the show: own (those of each output), song (of its cover), or a palette."""
    channels: list[Channel] = Field([], max_length=CHANNELS)
    output: list[DirectOutput] = Field([], max_length=256)
    """Lights driven by the service."""
    """Channel 1 first; missing channels have the default."""
    input: list[LiveInput] = Field([], max_length=8)
    """Live inputs, shown whenever they have sound and nothing else plays."""
    http: Http = Http()
    mqtt: Mqtt = Mqtt()
    zeroconf: Zeroconf = Zeroconf()
    place: PlaceOnEarth = PlaceOnEarth()
    quiet: list[QuietHours] = Field([], max_length=24)
    schedule: Path | None = None
    """The calendar (.ics); None: schedule.ics in the data folder."""
    library: LibraryCare = LibraryCare()
    idle: Literal["off", "on"] | Annotated[list[_Level], Field(min_length=CHANNELS, max_length=CHANNELS)] = (
        "off"
    )
    """The light while nothing plays: off, on, or a level from 0 to 255 for each channel."""
    resume_within: float = Field(0.0, ge=0, le=720)
    """Minutes within which a show interrupted by a restart resumes automatically. 0: never."""
    playlists: Path | None = None
    """The folder of playlists (.m3u8); None: playlists in the data folder."""
    sound: Sound = Sound()
    urls: Urls = Urls()
    guests: Guests = Guests()
    light: Light = Light()

    @field_validator("input")
    @classmethod
    def _inputs_differ(cls, inputs: list[LiveInput]) -> list[LiveInput]:
        names = [each.name for each in inputs]
        if len(set(names)) < len(names):
            raise ValueError("each input needs a name of its own")
        if sum(each.type == "sendspin" for each in inputs) > 1:
            raise ValueError("one input of type sendspin is enough: it is one player to all servers")
        return inputs

    def input_context(self) -> InputContext:
        """The context of the service for the inputs."""
        return InputContext(self.data, self.name, self.zeroconf.enabled, tuple(self.zeroconf.interfaces))

    @field_validator("palette")
    @classmethod
    def _palette_known(cls, name: str) -> str:
        if name not in NAMES:
            raise ValueError(f"there is no such palette; there are {', '.join(NAMES)}")
        return name

    @field_validator("output")
    @classmethod
    def _outputs_differ(cls, outputs: list[DirectOutput]) -> list[DirectOutput]:
        names = [node_id(each.name) for each in outputs]
        if len(set(names)) < len(names):
            raise ValueError(
                "each output needs a name of its own, which also differs in more than case and spaces"
            )
        if problem := two_on_one(each for each in outputs if isinstance(each, AnyOutput)):
            raise ValueError(problem)
        return outputs

    @property
    def outputs(self) -> list[DirectOutput]:
        """``output``, with the broker of ``mqtt`` where lights on a broker name none."""
        return [
            one.on_broker(self.mqtt.broker) if isinstance(one, MqttLightOutput) else one
            for one in self.output
        ]

    @property
    def loads(self) -> list[float]:
        """Watts of each channel."""
        missing = CHANNELS - len(self.channels)
        return [channel.load for channel in self.channels] + [Channel().load] * missing

    @property
    def places(self) -> list[float]:
        """The position of each channel, from -1 (left) to 1 (right)."""
        return [channel.side for channel in self.channels] + [0.0] * (CHANNELS - len(self.channels))

    def idle_scene(self) -> LightFrame:
        """The light while nothing plays; levels from a tenth on switch relays on."""
        whole = {"off": 0, "on": 255}
        levels = [whole[self.idle]] * CHANNELS if isinstance(self.idle, str) else self.idle
        return bytes(levels), tuple(level > SWITCHED_ABOVE for level in levels)

    def all_looks(self) -> dict[str, Look]:
        """The bundled and the custom looks by name, with those saved on the page; raises UsageError for an invalid one
        of ``looks``. Blocks.
        """
        known = dict(LOOKS) | {name: own.made() for name, own in stored(self.data).items()}
        for name, own in self.looks.items():
            if name in LOOKS:
                raise UsageError(
                    f"settings: looks.{name}: this is the name of a bundled look; choose another"
                )
            try:
                known[name] = own.made()
            except ValueError as error:
                raise UsageError(f"settings: looks.{name}.{error}") from None
        return known

    @property
    def file(self) -> Path | None:
        """The settings file that was read; None if there is none."""
        named = self.model_config.get("toml_file")
        file = Path(named) if isinstance(named, str | Path) else None
        return file.absolute() if file is not None and file.is_file() else None

    def limits(self) -> Limits:
        """The safety limits of the house."""
        kinds = [channel.type for channel in self.channels] + [None] * (CHANNELS - len(self.channels))
        return Limits.of(self.loads, self.light.power_budget, kinds)

    @property
    def weighed(self) -> frozenset[int]:
        """Channels with a load setting, from 1."""
        return frozenset(n for n, one in enumerate(self.channels, 1) if "load" in one.model_fields_set)

    def house_limits(self) -> Limits | None:
        """``limits`` if the settings describe the house, otherwise None."""
        return self.limits() if self.channels else None

    def chosen_look(self) -> Look:
        """The look to show; raises UsageError if it or any of ``looks`` is invalid."""
        known = self.all_looks()
        if self.look not in known:
            raise UsageError(f"there is no look {self.look!r}; there are {', '.join(known)}")
        return known[self.look]

    def _check(self) -> None:
        self.chosen_look()
        self.place.made()
        check(one for one in self.outputs if isinstance(one, MqttLightOutput))
        named = sum("load" in channel.model_fields_set for channel in self.channels)
        if self.light.power_budget is not None and named < CHANNELS:
            raise UsageError(
                f"settings: light.power_budget: needs the load of all {CHANNELS} channels, "
                f"but {named} have one; give each its [[channels]] load in watts"
            )

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
    """The settings with ``overrides`` from the command line; None values are ignored.

    ``file`` must exist if given; otherwise yulelight.toml in the working directory is used if it exists.
    Nested overrides are written ``http__port``. Raises UsageError that names each wrong setting.
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

    if unknown := mistyped(os.environ, Settings):
        raise UsageError(f"settings: {unknown}")
    try:
        settings = FromFile(**nested)
        settings._check()  # noqa: SLF001
    except ValidationError as error:
        problems = explain(error.errors(), Settings)
        raise UsageError(f"settings: {problems} (from {source}, YULELIGHT_* or the command line)") from None
    except SettingsError as error:
        raise UsageError(f"settings: {error}; lists and groups are JSON in YULELIGHT_* variables") from None
    except tomllib.TOMLDecodeError as error:
        told = explain_toml(source.read_text(errors="replace"), error)
        raise UsageError(f"{source} is not a settings file: {told}") from None
    except RecursionError:
        raise UsageError(
            f"settings: brackets are nested too deeply, in {source} or in a YULELIGHT_* variable"
        ) from None
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{source} is not a settings file: {error}") from None
    return settings
