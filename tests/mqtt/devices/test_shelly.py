"""Shelly's topics and calls."""

import json

from tests.mqtt.devices.formats import one, said
from yulelight.mqtt.devices.device import Shown


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


def test_a_shelly_of_the_first_generation_shows_again_what_it_told() -> None:
    relay = one("shelly/a/relay/0", ("shellies/a/relay/0", b"on"))
    assert said(relay.ask()) == ("shellies/a/command", "update")
    assert relay.shown == {0: Shown(True)}
    assert said(relay.give_back(relay.shown)) == ("shellies/a/relay/0/command", "on")
    relay.hear("shellies/a/relay/0", b"overpower")
    assert relay.shown == {0: Shown(True)}
    relay.hear("shellies/a/relay/0", b"off")
    assert relay.give_back(relay.shown) is None
    lamp = one("shelly/a/light/0", ("shellies/a/light/0/status", b'{"ison":false,"brightness":40}'))
    # Off, but with the brightness with which it comes on.
    told = json.loads(said(lamp.give_back(lamp.shown))[1])
    assert (told["turn"], told["brightness"]) == ("off", 40)
    colour = one("shelly/a/color/0", ("shellies/a/color/0/status", b'{"ison":true,"gain":70,"brightness":3}'))
    told = json.loads(said(colour.give_back(colour.shown))[1])
    assert (told["turn"], told["gain"]) == ("on", 70) and "brightness" not in told


def test_a_shelly_of_later_generations_shows_again_what_it_told() -> None:
    answer = {"id": 1, "src": "a", "dst": "b", "result": {"id": 0, "output": True, "brightness": 40.0}}
    lamp = one("shelly/a/light:0", ("yulelight/a/light:0/rpc", json.dumps(answer).encode()))
    topic, asked = said(lamp.ask())
    assert topic == "a/rpc" and json.loads(asked)["method"] == "Light.GetStatus"
    assert f"{json.loads(asked)['src']}/rpc" in lamp.topics
    assert lamp.shown == {0: Shown(True, 40)}
    # Only what has changed.
    change = {"method": "NotifyStatus", "params": {"ts": 1.0, "light:0": {"id": 0, "brightness": 55}}}
    lamp.hear("a/events/rpc", json.dumps(change).encode())
    assert lamp.shown == {0: Shown(True, 55)}
    params = json.loads(said(lamp.give_back(lamp.shown))[1])["params"]
    assert params == {"id": 0, "on": True, "brightness": 55}  # and no timer
    lamp.hear("a/status/light:0", b'{"id":0,"output":false}')
    assert lamp.shown == {0: Shown(False, 55)}
    lamp.hear("a/online", b"false")
    assert lamp.shown == {}
