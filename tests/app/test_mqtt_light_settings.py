"""Lights on a broker in the settings: mistakes are told, and the broker is that of [mqtt] where none is named."""

from pathlib import Path

import pytest

from yulelight.app.mqtt_light_settings import MqttLightOutput
from yulelight.app.settings import load
from yulelight.core.errors import UsageError

SHELLY = '{ id = "shelly/gate/switch:0", channel = 1 }'
ZIGBEE = '{ id = "zigbee2mqtt/0x00158d0001820000/dimmer", channel = 2 }'


def settings(folder: Path, *outputs: str, top: str = "") -> list[MqttLightOutput]:
    file = folder / "yulelight.toml"
    file.write_text(top + "".join(f'[[output]]\ntype = "mqtt-light"\n{lines}\n' for lines in outputs))
    return [one for one in load(file).outputs if isinstance(one, MqttLightOutput)]


def test_the_broker_is_the_usual_one_unless_the_output_names_another(tmp_path: Path) -> None:
    first, second = settings(
        tmp_path,
        f'name = "a"\nlights = [{SHELLY}]',
        f'name = "b"\nbroker = "mqtt://me:secret@192.0.2.2"\nlights = [{SHELLY}]',
        top='[mqtt]\nbroker = "192.0.2.1"\n',
    )
    assert (first.address.host, second.address.host) == ("192.0.2.1", "192.0.2.2")
    assert "secret" not in repr(second)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (f"lights = [{SHELLY}]", "embedded broker is none for them"),
        ('broker = "mqtt://"\nlights = []', "no host"),
        ('broker = "h"\nlights = [{ id = "shelly/gate", channel = 1 }]', "yulelight lights --find"),
        (f'broker = "h"\nlights = [{SHELLY.replace("1", "9")}]', "lights.0.channel"),
        (f'broker = "h"\nlights = [{SHELLY}, {SHELLY}]', "named twice"),
        (f'broker = "h"\nzigbee2mqtt = "z/#"\nlights = [{ZIGBEE}]', "base topic"),
        (f'broker = "h"\nrate = 20\nlights = [{SHELLY}]', "rate"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings(tmp_path, f'name = "a"\n{lines}')


@pytest.mark.parametrize(
    ("light", "said"),
    [(SHELLY, "belongs to the output a already"), (ZIGBEE, "belong into one output")],
    ids=["the same light", "one Zigbee network"],
)
def test_two_outputs_do_not_share_a_light_or_a_zigbee_network(tmp_path: Path, light: str, said: str) -> None:
    two = [f'name = "{name}"\nbroker = "h"\nlights = [{light}]' for name in "ab"]
    with pytest.raises(UsageError, match=said):
        settings(tmp_path, *two)


def test_two_brokers_are_two_networks(tmp_path: Path) -> None:
    assert len(settings(tmp_path, *(f'name = "{n}"\nbroker = "{n}"\nlights = [{ZIGBEE}]' for n in "ab"))) == 2
