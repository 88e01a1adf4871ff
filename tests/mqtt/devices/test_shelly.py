"""Shelly's topics and calls."""

import json

from tests.mqtt.devices.formats import one, said


def test_shelly_of_the_first_generation() -> None:
    relay = one("shelly/shelly1-1F2A3B/relay/0")
    assert said(relay.show([0], [True], 1.0)) == ("shellies/shelly1-1F2A3B/relay/0/command", "on")
    assert said(relay.dark()) == ("shellies/shelly1-1F2A3B/relay/0/command", "off")
    lamp = one("shelly/shellydimmer-D0/light/0")
    topic, payload = said(lamp.show([128], [True], 0.5))
    assert topic == "shellies/shellydimmer-D0/light/0/set"
    assert json.loads(payload) == {"turn": "on", "brightness": 50, "transition": 500}
    assert json.loads(said(lamp.dark())[1])["turn"] == "off"
    colour = one("shelly/shellyrgbw2-D0/color/0")
    assert json.loads(said(colour.show([255], [True], 0.0))[1])["gain"] == 100


def test_shelly_of_later_generations_goes_off_by_itself() -> None:
    switch = one("shelly/garden/gate/switch:1")
    topic, payload = said(switch.show([255], [True], 1.0))
    call = json.loads(payload)
    assert topic == "garden/gate/rpc" and call["method"] == "Switch.Set"
    assert call["params"]["id"] == 1 and call["params"]["on"] is True
    assert switch.renew is not None and 2 * switch.renew < call["params"]["toggle_after"] < 2.6
    assert json.loads(said(switch.dark())[1])["params"] == {"id": 1, "on": False}
    lamp = one("shelly/shellyplusrgbwpm-1/rgbw:0")
    call = json.loads(said(lamp.show([51], [True], 1.0))[1])
    assert call["method"] == "RGBW.Set" and call["params"]["brightness"] == 20


def test_a_shelly_that_is_away_is_told() -> None:
    for light, topic in (("shelly/a/relay/0", "shellies/a/online"), ("shelly/a/switch:0", "a/online")):
        assert "has not been heard" in one(light).problem
        assert one(light, (topic, b"true")).problem == ""
        assert one(light, (topic, b"false")).problem == "is not there"
