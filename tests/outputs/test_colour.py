"""Colours of the show on pixels: the same light in every colour, and outputs with colours of their own keep them."""

import asyncio
import time
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from tests.outputs.ddp_receiver import Strip as Receiver
from yulelight.actors import Broadcast, Supervisor
from yulelight.core.messages import Packet, Status
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.fade import Fade
from yulelight.outputs.settings import DdpOutput
from yulelight.safety.colour import lamp_colour

WHITE, BLUE = "#ffffff", "#0000ff"
CODES = st.lists(st.from_regex("#[0-9a-f]{6}", fullmatch=True), min_size=3, max_size=3)


def luminance(rgb: bytes) -> float:
    """WCAG's relative luminance of a pixel, whose light is proportional to its parts."""
    return (0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]) / 255


def settings(**more: object) -> DdpOutput:
    return DdpOutput.model_validate({"type": "ddp", "name": "a", "host": "127.0.0.1", "pixels": 8} | more)


@pytest.mark.parametrize(
    ("more", "follows"),
    [
        ({}, True),
        ({"colours": ["#ff0000"]}, False),
        ({"colours": ["#ff0000"], "palette": True}, True),
        ({"ranges": [{"channel": 1, "first": 0, "count": 8, "colour": "#ff0000"}]}, False),
        ({"palette": False}, False),
        ({"order": "w", "palette": True}, False),
        ({"order": "grbw"}, True),
    ],
)
def test_who_follows_the_show(more: dict[str, object], follows: bool) -> None:
    assert settings(**more).follows == follows


def test_lights_that_follow_weigh_the_same_and_are_never_red() -> None:
    lights = settings(colours=["#ff0000", "#00ff00"], palette=True).driver().lights
    assert len({light.load for light in lights}) == 1 and not any(light.red for light in lights)
    assert any(light.red for light in settings(colours=["#ff0000", "#00ff00"]).driver().lights)


@given(CODES, CODES, st.lists(st.floats(0, 3), min_size=1, max_size=30).map(sorted))
def test_the_light_is_the_same_all_the_way(old: list[str], new: list[str], times: list[float]) -> None:
    fade = Fade(tuple(map(lamp_colour, old)))
    fade.to(tuple(map(lamp_colour, new)), 0.0)
    for now in times:
        assert all(luminance(bytes(colour)) == pytest.approx(0.32, abs=0.006) for colour in fade.at(now))
    assert fade.at(9.0) == tuple(map(lamp_colour, new)) and not fade.fading


async def test_an_output_shows_the_colours_of_the_status(tmp_path: Path) -> None:
    receiver = Receiver(8)
    port = await receiver.open()
    packets: Broadcast[Packet] = Broadcast()
    statuses: Broadcast[Status] = Broadcast()
    make = partial(settings(port=port).made, tmp_path)

    async def lit() -> None:
        for number in range(1, 10_000):
            at = round(time.monotonic() * 1e6)
            packets.publish(Packet(1, number, at, 500_000, (bytes([255]) * 8,), ((True,) * 8,)))
            await asyncio.sleep(0.1)

    async with Supervisor() as supervisor:
        statuses.publish(Status(colours=(WHITE,) * 8))
        supervisor.start(partial(OutputActor, make, packets, statuses=statuses), "a")
        lighting = asyncio.create_task(lit())
        white = bytes(lamp_colour(WHITE)) * 8
        await eventually(lambda: receiver.shows == white)
        before = len(receiver.frames)
        statuses.publish(Status(colours=(BLUE,) * 8))
        await eventually(lambda: receiver.shows == bytes(lamp_colour(BLUE)) * 8)
        way = [shown for _, shown in receiver.frames[before:]]
        assert len(set(way)) > 4  # it fades
        assert all(luminance(shown[:3]) == pytest.approx(0.32, abs=0.006) for shown in way)
        statuses.publish(Status())
        await eventually(lambda: len(set(zip(*[iter(receiver.shows)] * 3, strict=True))) == 4)
        lighting.cancel()
    assert not receiver.bad
