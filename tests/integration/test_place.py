"""Where the house is: what Home Assistant knows is told to a service that does not."""

from typing import Any

import pytest
from custom_components.yulelight.place import async_tell_place
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import StubService, eventually

NOWHERE = {"latitude": None, "longitude": None, "elevation": 0.0, "timezone": None}
GRAZ = {"latitude": 47.07, "longitude": 15.44, "elevation": 353.0, "timezone": "Europe/Vienna"}


@pytest.fixture(autouse=True)
async def _in_graz(hass: HomeAssistant, service: StubService) -> None:
    await hass.config.async_update(latitude=47.07, longitude=15.44, elevation=353, time_zone="Europe/Vienna")
    service.views["place"] = NOWHERE


def told(service: StubService) -> list[Any]:
    """What the service was told of its place."""
    return [body for method, path, body in service.asked if (method, path) == ("PUT", "place")]


async def test_a_service_that_does_not_know_is_told(loaded: MockConfigEntry, service: StubService) -> None:
    await eventually(lambda: told(service) == [GRAZ])


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({**NOWHERE, "timezone": "Europe/Berlin"}, [{**GRAZ, "timezone": "Europe/Berlin"}]),
        ({**GRAZ, "latitude": 52.5}, []),
        ({**GRAZ, "latitude": 0.0}, []),
    ],
)
async def test_what_is_known_stays(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    known: dict[str, Any],
    expected: list[dict[str, Any]],
) -> None:
    await eventually(lambda: told(service) != [])
    service.asked.clear()
    service.views["place"] = known
    await async_tell_place(hass, loaded.runtime_data.client)
    assert told(service) == expected


async def test_home_assistant_may_not_know_either(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await eventually(lambda: told(service) != [])
    service.asked.clear()
    await hass.config.async_update(latitude=0, longitude=0)
    await async_tell_place(hass, loaded.runtime_data.client)
    assert told(service) == []
