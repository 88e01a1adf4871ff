"""A node's configuration as the text of ``node.toml``, for people to read and change."""

import json
from collections.abc import Iterator
from dataclasses import fields

from yulelight.node.config import NodeConfig, OutputConfig, PigpioConfig


def to_toml(config: NodeConfig) -> str:
    """What :func:`yulelight.node.config.parse` reads as ``config``. What has its default is left out."""
    lines = ["# A light node. Made by `yulelight node setup`; docs/hardware.md explains every line."]
    lines += _changed(config, NodeConfig(), leave_out=("pigpio", "outputs"))
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
            # JSON's strings, numbers and true are TOML's, but for DEL, which TOML wants escaped.
            yield f"{field.name} = {json.dumps(has, ensure_ascii=False)}".replace("\x7f", "\\u007f")
