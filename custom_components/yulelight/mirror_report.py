"""Reports the mirrored lights to the service, which lists them with all other lights of the house."""

import asyncio
import contextlib
from typing import Any

from homeassistant.components.light import ATTR_SUPPORTED_COLOR_MODES, brightness_supported
from homeassistant.const import ATTR_FRIENDLY_NAME, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, callback

from .const import CONF_CHANNEL, CONF_LIGHTS, DOMAIN, SUBENTRY_MIRROR
from .contract.client import YulelightError
from .coordinator import YulelightConfigEntry
from .mirror import MirrorManager

INTERVAL = 30.0
"""Seconds between two reports: a third of the time after which the service forgets one."""
SOON = 1.0
"""Seconds after a change until it is reported."""
MOST = 64
"""Maximum number of mirrors, and of lights in each, that the service accepts."""


@callback
def async_setup_mirror_report(
    hass: HomeAssistant, entry: YulelightConfigEntry, manager: MirrorManager
) -> None:
    """Report the mirrors while there are any, until the entry is unloaded."""
    coordinator = entry.runtime_data
    path = f"lights/mirrors/{entry.entry_id}"

    async def run() -> None:
        latest: list[dict[str, Any]] = []
        due = 0.0
        while True:
            mirrors, now = described(hass, entry, manager), hass.loop.time()
            if mirrors != latest or (mirrors and now >= due):
                latest, due = mirrors, now + INTERVAL
                # An older service does not know this, and one that is away is told later.
                with contextlib.suppress(YulelightError):
                    await coordinator.client.request("PUT", path, {"mirrors": mirrors})
            await asyncio.sleep(SOON)

    entry.async_create_background_task(hass, run(), f"{DOMAIN} report of mirrored lights")


@callback
def described(
    hass: HomeAssistant, entry: YulelightConfigEntry, manager: MirrorManager
) -> list[dict[str, Any]]:
    """The mirrors of the entry, with what is wrong with their lights."""
    found = []
    for sub in entry.subentries.values():
        if sub.subentry_type != SUBENTRY_MIRROR:
            continue
        lights = list(sub.data[CONF_LIGHTS])[:MOST]
        problems = [problem for light in lights if (problem := _problem(hass, light, manager))]
        found.append(
            {
                "name": _text(sub.title, "lights that follow"),
                "channel": int(sub.data[CONF_CHANNEL]),
                "lights": [{"name": _name(hass, light), "dims": _dims(hass, light)} for light in lights],
                "problem": "; ".join(problems)[:500],
            }
        )
    return found[:MOST]


def _name(hass: HomeAssistant, light: str) -> str:
    state = hass.states.get(light)
    return _text(state.attributes.get(ATTR_FRIENDLY_NAME) if state else None, light)


def _text(text: Any, otherwise: str) -> str:
    shown = "".join(sign for sign in str(text or "") if sign.isprintable())[:120]
    return shown or otherwise


def _dims(hass: HomeAssistant, light: str) -> bool:
    state = hass.states.get(light)
    modes = state.attributes.get(ATTR_SUPPORTED_COLOR_MODES) if state else None
    return brightness_supported(modes) if modes else True


def _problem(hass: HomeAssistant, light: str, manager: MirrorManager) -> str:
    state = hass.states.get(light)
    if state is None:
        return f"{light} does not exist in Home Assistant"
    if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return f"{light} is not available in Home Assistant"
    refused = manager.refused.get(light)
    return f"{light} does not follow: {refused}" if refused else ""
