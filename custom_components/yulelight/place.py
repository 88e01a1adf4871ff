"""Sends the location of the house to the service, for sun times. A location set earlier is kept."""

import contextlib

from homeassistant.core import HomeAssistant

from .contract.client import YulelightClient, YulelightError


async def async_tell_place(hass: HomeAssistant, client: YulelightClient) -> None:
    """Set the service's location to that of Home Assistant, unless it already has one."""
    here = hass.config
    if not here.latitude and not here.longitude:
        return  # Home Assistant has no location, either.
    with contextlib.suppress(YulelightError):
        known = await client.get("place")
        if known.get("latitude") is None:
            place = {
                "latitude": here.latitude,
                "longitude": here.longitude,
                "elevation": float(here.elevation),
                "timezone": known.get("timezone") or here.time_zone,
            }
            await client.request("PUT", "place", place)
