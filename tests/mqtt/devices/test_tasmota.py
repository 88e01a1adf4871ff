"""Tasmota's announcements and commands."""

import json

import pytest

from tests.mqtt.devices.formats import MAC, announced, one, said
from yulelight.mqtt.devices import ids
from yulelight.mqtt.devices.device import Shown
from yulelight.mqtt.devices.zigbee import Bridge


def test_the_outputs_of_a_tasmota_go_into_one_message() -> None:
    relay, dimmer = f"tasmota/{MAC}/relay/2", f"tasmota/{MAC}/dimmer/3"
    (device,) = ids.devices([dimmer, relay], Bridge())
    topic, payload = announced()
    device.hear(topic, payload)
    assert said(device.show([128, 0], [True, True], 0.5)) == (
        "cmnd/shed/Backlog0",
        "Dimmer 50;Power3 ON;Power2 ON",
    )
    assert said(device.show([0, 255], [True, False], 0.5))[1] == "Power3 OFF;Power2 OFF"
    assert said(device.dark())[1] == "Power3 OFF;Power2 OFF"


@pytest.mark.parametrize(
    ("fields", "topic", "command"),
    [
        ({"ft": "home/%topic%/%prefix%/"}, "home/shed/cmnd/Backlog0", "Dimmer 100;Power3 ON"),
        ({"ft": "%prefix%/%hostname%/%id%", "hn": "x"}, f"cmnd/x/{MAC}/Backlog0", "Dimmer 100;Power3 ON"),
        ({"tp": ["do", "said", "told"]}, "do/shed/Backlog0", "Dimmer 100;Power3 ON"),
        ({"rl": [1, 2, 2], "so": {"68": 1}, "lt_st": 2}, "cmnd/shed/Backlog0", "Channel3 100;Power3 ON"),
        ({"rl": [1, 2, 2], "lk": 0, "lt_st": 4}, "cmnd/shed/Backlog0", "Dimmer2 100;Power3 ON"),
    ],
)
def test_topics_and_commands_follow_the_settings_of_a_tasmota(
    fields: dict[str, object], topic: str, command: str
) -> None:
    device = one(f"tasmota/{MAC}/dimmer/3", announced(**fields))
    assert said(device.show([255], [True], 0.0)) == (topic, command)


@pytest.mark.parametrize(
    "fields",
    [
        {"t": "#"},
        {"t": "a/+/b"},
        {"ft": "$SYS/%prefix%"},
        {"ft": "\ud800/%topic%"},
        {"t": "a\x00b"},
        {"t": "x" * 255, "ft": "%topic%" * 30},
        {"ft": "%hostname%", "hn": "+"},
        {"dslp": 1},
        {"mac": "000000000000"},
        {"tp": []},
        {"rl": "all"},
    ],
)
def test_an_announcement_that_could_hurt_is_none(fields: dict[str, object]) -> None:
    device = one(f"tasmota/{MAC}/relay/1", announced(**fields))
    assert device.problem and device.dark() is None and device.show([255], [True], 0.0) is None


def test_a_tasmota_that_is_away_is_told() -> None:
    light = f"tasmota/{MAC}/relay/1"
    assert "has not announced itself" in one(light).problem
    assert one(light, announced()).problem == ""
    assert one(light, announced(), ("tele/shed/LWT", b"Offline")).problem == "is not there"
    assert one(light, announced(), ("tele/shed/LWT", b"Offline"), ("tele/shed/LWT", b"Online")).problem == ""
    assert "has not announced itself" in one(light, announced(), (announced()[0], b"")).problem
    assert "no relay 1" in one(light, announced(rl=[3, 3])).problem
    assert "no dimmer 3" in one(f"tasmota/{MAC}/dimmer/3", announced(rl=[1, 1, 1])).problem


@pytest.mark.parametrize(
    ("heard", "shown", "commands"),
    [
        (
            [{"POWER2": "ON", "POWER3": "ON", "Dimmer": 30}],
            {1: Shown(True, 30), 0: Shown(True)},
            "Dimmer 30;Power3 ON;Power2 ON",
        ),
        ([{"POWER2": "ON"}, {"POWER3": "OFF", "Dimmer": 30}], {1: Shown(False, 30), 0: Shown(True)}, "Power2 ON"),
        ([{"POWER3": "ON", "Dimmer": 30}, {"Dimmer": 40}], {1: Shown(True, 40)}, "Dimmer 40;Power3 ON"),
        ([{"POWER3": "ON", "Dimmer": 3000}], {1: Shown(True)}, "Power3 ON"),
        ([{"POWER1": "ON", "POWER3": "TOGGLE"}], {}, ""),
        ([["POWER3"], {"POWER3": {}}], {}, ""),
    ],
)  # fmt: skip
def test_a_tasmota_shows_again_what_it_told(
    heard: list[object], shown: dict[int, Shown], commands: str
) -> None:
    relay, dimmer = f"tasmota/{MAC}/relay/2", f"tasmota/{MAC}/dimmer/3"
    (device,) = ids.devices([relay, dimmer], Bridge())
    assert device.ask() is None and device.give_back({0: Shown(True)}) is None
    device.hear(*announced())
    assert said(device.ask()) == ("cmnd/shed/State", "")
    for each in heard:
        device.hear("stat/shed/RESULT", json.dumps(each).encode())
    assert device.shown == shown
    back = device.give_back(shown)
    if commands:
        assert sorted(said(back)[1].split(";")) == sorted(commands.split(";"))
        assert said(back)[1].index("Dimmer") < said(back)[1].index("Power3") if "Dimmer" in commands else True
    else:
        assert back is None
    device.hear("tele/shed/LWT", b"Offline")  # it may come back with anything
    assert device.shown == {}


def test_the_only_relay_of_a_tasmota_has_no_number_and_words_may_be_anything() -> None:
    device = one(f"tasmota/{MAC}/relay/1", announced(rl=[1], state=["aus", "an", "um", "halt"]))
    for payload, on in ((b'{"POWER":"an"}', True), (b'{"POWER":"aus"}', False)):
        device.hear("tele/shed/STATE", payload)
        assert device.shown == {0: Shown(on)}
