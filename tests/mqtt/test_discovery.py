import json
import re

from yulelight.mqtt.discovery import announcement, device_config, payload
from yulelight.mqtt.topics import Topics

TOPIC, CONFIG = device_config("ab12", "Our house", "1.0", Topics("ab12"))


def test_the_device_has_eight_lights() -> None:
    assert TOPIC == "homeassistant/device/yulelight_ab12/config"
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", TOPIC)
    components = CONFIG["components"]
    lights = [c for c in components.values() if c["platform"] == "light"]
    assert [light["name"] for light in lights] == [f"Light {n}" for n in range(1, 9)]
    assert len({light["unique_id"] for light in lights}) == 8
    assert lights[0]["default_entity_id"] == "light.our_house_light_1"
    assert lights[2]["command_topic"] == "yulelight/ab12/channel/3/set"
    assert lights[2]["supported_color_modes"] == ["brightness"]
    assert lights[2]["effect_list"] == ["show"]
    # A component without anything: Home Assistant takes away what an earlier version had there.
    assert [c for c in components.values() if c not in lights] == [{"platform": "event"}]


def test_only_keys_that_home_assistant_takes_since_2026_8() -> None:
    assert set(CONFIG) <= {"device", "origin", "availability", "qos", "components"}
    assert CONFIG["device"]["connections"] == [["yulelight", "ab12"]]
    assert CONFIG["availability"] == [{"topic": "yulelight/ab12/status"}]
    assert json.loads(payload(CONFIG)) == CONFIG


def test_the_integration_finds_the_service() -> None:
    topic, content = announcement("ab12", "Our house", "192.168.1.5", 8770)
    assert topic == "yulelight/discovery/ab12"
    assert content == {"id": "ab12", "name": "Our house", "host": "192.168.1.5", "port": 8770}


def test_a_name_without_letters() -> None:
    _, config = device_config("ab12", "✨", "1.0", Topics("ab12"))
    assert config["components"]["light_1"]["default_entity_id"] == "light.yulelight_light_1"
