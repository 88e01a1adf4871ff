"""Tells the service where the house is, so that shows can begin at sunset. What somebody told it before stays."""

import contextlib

from homeassistant.core import HomeAssistant

from .contract.client import YulelightClient, YulelightError


async def async_tell_place(hass: HomeAssistant, client: YulelightClient) -> None:
    """Home Assistant's place becomes the service's, unless that knows one already."""
    here = hass.config
    if not here.latitude and not here.longitude:
        return  # Nobody has told Home Assistant either.
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
