"""The configuration of a node and its outputs: ``node.toml``.

A node shows any of the service's channels, each on its own output; several nodes may share the channels or show the
same ones. The order of the outputs is used everywhere.
"""

import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yulelight.core.errors import UsageError
from yulelight.core.messages import CHANNELS
from yulelight.mqtt.address import BrokerAddress
from yulelight.node.checks import Check, build, check_all, flag, identifier, number, one_of, text, whole
from yulelight.node.network_settings import check_apart, network_outputs, slug
from yulelight.safety.physics import GAMMA, Kind, Light

if TYPE_CHECKING:
    from yulelight.node.network_settings import NodeOutputSettings

MAX_NETWORK = 16
"""Maximum number of a node's outputs on the network, each with connections of its own to the broker."""
MAX_OUTPUTS = 64
"""Maximum number of channels in a packet and of outputs of a node."""
HARDWARE_PWM = {12: 0, 18: 0, 13: 1, 19: 1}
"""The hardware PWM generator of each pin that has one."""


def _broker(value: object) -> str:
    try:
        BrokerAddress.parse(str(value))
    except UsageError as error:
        return str(error)
    return text(500)(value)


def _with(check: Check) -> dict[str, Check]:
    return {"check": check}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputConfig:
    """One output: a pin, the light connected to it, and the channel that it shows.

    Raises UsageError for invalid values.
    """

    channel: int = field(metadata=_with(whole(1, MAX_OUTPUTS)))
    pin: int | None = field(default=None, metadata=_with(whole(0, 27)))
    """GPIO number (BCM), not the position on the header; a simulated output needs none."""
    type: Kind = field(default="relay", metadata=_with(one_of("relay", "ssr", "dimmer")))
    name: str = field(default="", metadata=_with(text(60)))
    """Name of the light, for display."""
    active_low: bool = field(default=False, metadata=_with(flag))
    """Whether the output is active low, as with most relay boards."""
    load: float = field(default=1.0, metadata=_with(number(0.001, 1e5)))
    """Power in watts when fully on; without it, outputs count equally."""
    idle: int = field(default=0, metadata=_with(whole(0, 255)))
    """Level while the service is not connected; relays and SSRs are on from 128."""
    min_on: float | None = field(default=None, metadata=_with(number(0, 60)))
    min_off: float | None = field(default=None, metadata=_with(number(0, 60)))
    """Seconds; by default those of the type, see ``safety.physics``."""
    gamma: float = field(default=GAMMA, metadata=_with(number(1, 4)))
    """Dimmers: exponent of the response curve."""
    minimum: float = field(default=0.0, metadata=_with(number(0, 0.9)))
    """Dimmers: share of full power at the dimmest level that is not dark; below it many flicker."""
    frequency: int = field(default=400, metadata=_with(whole(10, 10_000)))
    """Dimmers: Hz of the PWM."""
    steps: int = field(default=1000, metadata=_with(whole(25, 40_000)))
    """Dimmers: levels between dark and full that the PWM can tell apart."""

    def __post_init__(self) -> None:
        check_all(self)

    @property
    def dims(self) -> bool:
        """Whether it follows the levels; otherwise it follows the states."""
        return self.type == "dimmer"

    def light(self, node: str = "") -> Light:
        """The light for the limits, driven by ``node``."""
        return Light(
            channel=self.channel,
            kind=self.type,
            load=self.load,
            gamma=self.gamma,
            minimum=self.minimum if self.dims else 0.0,
            node=node,
            min_on=self.min_on,
            min_off=self.min_off,
        )

    @property
    def label(self) -> str:
        """Its name for display."""
        return self.name or f"channel {self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PigpioConfig:
    """Where pigpiod listens."""

    host: str = field(default="127.0.0.1", metadata=_with(text(253)))
    port: int = field(default=8888, metadata=_with(whole(1, 65535)))

    def __post_init__(self) -> None:
        check_all(self)


def _eight() -> tuple[OutputConfig, ...]:
    return tuple(OutputConfig(channel=channel, type="dimmer") for channel in range(1, CHANNELS + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """A node.

    Without a file: channels 1 to 8 without pins, for simulation. Raises UsageError for invalid values and if two
    outputs use the same pin.
    """

    id: str | None = field(default=None, metadata=_with(identifier))
    """None: this machine's name."""
    service: str | None = field(default=None, metadata=_with(identifier))
    broker: str | None = field(default=None, repr=False, metadata=_with(_broker))
    """mqtt://user:password@host:1883; None looks for the service on the network."""
    driver: str = field(default="auto", metadata=_with(one_of("auto", "pigpio", "lgpio", "simulated")))
    deadline: float = field(default=2.5, metadata=_with(number(1.5, 60)))
    """Seconds without packets after which idle levels are shown; the service sends at least one per second."""
    pigpio: PigpioConfig = field(default_factory=PigpioConfig)
    outputs: tuple[OutputConfig, ...] = field(default_factory=_eight)
    """Empty only if there are lights on the network."""
    network: "tuple[NodeOutputSettings, ...]" = ()
    """Lights on the network that the node drives: [[output]], as in the service's settings."""

    def __post_init__(self) -> None:
        check_all(self)
        if len(self.outputs) > MAX_OUTPUTS or not (self.outputs or self.network):
            raise UsageError(f"outputs: a node has 1 to {MAX_OUTPUTS}, this one {len(self.outputs)}")
        if len(self.network) > MAX_NETWORK:
            raise UsageError(f"output: a node has at most {MAX_NETWORK}, this one {len(self.network)}")
        if len({slug(output.name) for output in self.network}) < len(self.network):
            raise UsageError(
                "output: each needs a name of its own, which also differs in more than case and spaces"
            )
        check_apart(self.network)
        taken: dict[int, str] = {}
        for output in self.outputs:
            if output.pin is None:
                continue
            if output.pin in taken:
                first = taken[output.pin]
                raise UsageError(f"outputs: pin {output.pin} is named twice, for {first} and {output.label}")
            taken[output.pin] = output.label

    @property
    def channels(self) -> tuple[int, ...]:
        """The service's channel that each output shows."""
        return tuple(output.channel for output in self.outputs)

    @property
    def idle(self) -> bytes:
        """The level of each output while the service is not connected."""
        return bytes(output.idle for output in self.outputs)

    @property
    def idle_switched(self) -> tuple[bool, ...]:
        """The same for relays and SSRs."""
        return tuple(output.idle >= 128 for output in self.outputs)

    def with_channels(self, channels: tuple[int, ...]) -> "NodeConfig":
        """The outputs that show ``channels``; simulated ones if no output has a pin."""
        if any(output.pin is not None for output in self.outputs):
            outputs = tuple(output for output in self.outputs if output.channel in channels)
        else:
            outputs = tuple(OutputConfig(channel=channel, type="dimmer") for channel in channels)
        if not outputs:
            raise UsageError(f"no output shows any of the channels {channels}; see the [[outputs]]")
        return replace(self, outputs=outputs)


def places(home: Path | None = None) -> tuple[Path, ...]:
    """Paths that are searched for a node's file; ``home`` is the user's home, by default ours."""
    own = os.environ.get("XDG_CONFIG_HOME") if home is None else None
    folder = Path(own) if own else (home or Path.home()) / ".config"
    return Path("node.toml"), folder / "yulelight" / "node.toml", Path("/etc/yulelight/node.toml")


def find(path: Path | None = None, home: Path | None = None) -> Path:
    """The file at ``path``, or the first existing one of :func:`places`. Raises UsageError if there is none."""
    found = path or next((place for place in places(home) if place.is_file()), None)
    if found is None or not found.is_file():
        where = f"at {found}" if found else "here, in ~/.config/yulelight or in /etc/yulelight"
        raise UsageError(f"there is no node file {where}; `yulelight node setup` makes one")
    return found


def load(path: Path | None = None) -> NodeConfig:
    """The node in the file at ``path``, or in the first existing one of :func:`places`, or the default.

    Raises UsageError with all errors.
    """
    if path is None and not any(place.is_file() for place in places()):
        return NodeConfig()
    source = find(path)
    try:
        return parse(source.read_text(encoding="utf-8"), str(source))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{source} cannot be read: {error}") from None


def parse(written: str, source: str = "node.toml") -> NodeConfig:
    """Parses the TOML ``written``; ``source`` is its name in errors.

    Raises UsageError. ``channels = [1, 2, 3]`` without outputs creates simulated ones; with outputs it selects from
    them.
    """
    try:
        table = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = "its brackets are nested too deeply" if isinstance(error, RecursionError) else error
        raise UsageError(f"{source} is not valid TOML: {why}") from None
    try:
        return made(table)
    except UsageError as error:
        raise UsageError(f"{source}: {error}") from None


def made(table: dict[str, Any]) -> NodeConfig:
    """Makes the node described by ``table``. Raises UsageError with all errors."""
    table = dict(table)
    given: dict[str, object] = {}
    problems = []
    if (channels := table.pop("channels", None)) is not None:
        one = whole(1, MAX_OUTPUTS)
        if not isinstance(channels, list) or not channels or any(map(one, channels)):
            problems.append(f"channels: must be numbers from 1 to {MAX_OUTPUTS}, like [1, 2, 3]")
    if (network := table.pop("output", None)) is not None:
        try:
            given["network"] = network_outputs(network if isinstance(network, list) else [network])
        except UsageError as error:
            problems.append(str(error))
        else:
            # Who names lights on the network alone has no pins.
            given["outputs"] = _eight() if channels is not None else ()
    if (outputs := table.pop("outputs", None)) is not None:
        built = []
        for count, output in enumerate(outputs if isinstance(outputs, list) else [outputs], start=1):
            if isinstance(output, dict) and "host" in output:
                problems.append(f"output {count}: lights on the network are [[output]], without an s")
                continue
            try:
                built.append(build(OutputConfig, output))
            except UsageError as error:
                problems.append(f"output {count}: {error}")
        given["outputs"] = tuple(built)
    if (pigpio := table.pop("pigpio", None)) is not None:
        try:
            given["pigpio"] = build(PigpioConfig, pigpio)
        except UsageError as error:
            problems.append(f"pigpio: {error}")
    if problems:
        raise UsageError("; ".join(problems))
    config = build(NodeConfig, table, **given)
    return config.with_channels(tuple(channels)) if channels is not None else config
