"""Writes a node's configuration as ``node.toml``."""

import json
from collections.abc import Iterator
from dataclasses import fields

from yulelight.node.config import NodeConfig, OutputConfig, PigpioConfig


def to_toml(config: NodeConfig) -> str:
    """The inverse of :func:`yulelight.node.config.parse`. Default values are omitted."""
    lines = ["# A light node. Made by `yulelight node setup`; docs/hardware.md explains every line."]
    lines += _changed(config, NodeConfig(), leave_out=("pigpio", "outputs", "network"))
    if config.pigpio != PigpioConfig():
        lines += ["", "[pigpio]", *_changed(config.pigpio, PigpioConfig())]
    for output in config.outputs:
        usual = OutputConfig(channel=output.channel)
        lines += [
            "",
            "[[outputs]]",
            f"channel = {output.channel}",
            *_changed(output, usual, leave_out=("channel",)),
        ]
    return "\n".join(lines) + "\n"


def _changed(
    value: NodeConfig | PigpioConfig | OutputConfig,
    usual: NodeConfig | PigpioConfig | OutputConfig,
    leave_out: tuple[str, ...] = (),
) -> Iterator[str]:
    for field in fields(value):
        has = getattr(value, field.name)
        if field.name not in leave_out and has is not None and has != getattr(usual, field.name):
            # JSON strings, numbers and booleans are valid TOML, except that TOML requires DEL to be escaped.
            yield f"{field.name} = {json.dumps(has, ensure_ascii=False)}".replace("\x7f", "\\u007f")
