"""Serves the dashboard card and registers it as a resource of dashboards.

It is a resource because an extra module of the frontend would race with the frontend's own start.
"""

import asyncio
import hashlib
from pathlib import Path
from typing import Any, cast

from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

CARD = Path(__file__).parent / "frontend" / "yulelight-card.js"
PATH = "/yulelight/yulelight-card.js"
ISSUE = "card_by_hand"
SERVED: HassKey[asyncio.Future[str]] = HassKey(f"{DOMAIN}_card")
"""The card's URL with its hash, once it is served; a path can be registered only once."""


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card and register it, once for all services."""
    if SERVED not in hass.data:
        hass.data[SERVED] = hass.loop.create_future()
        digest = await hass.async_add_executor_job(_digest)
        # The URL changes with the file, so browsers may cache it for long.
        await hass.http.async_register_static_paths([StaticPathConfig(PATH, str(CARD), cache_headers=True)])
        hass.data[SERVED].set_result(f"{PATH}?v={digest}")
    url = await hass.data[SERVED]
    resources = hass.data[LOVELACE_DATA].resources
    if isinstance(resources, ResourceStorageCollection):
        await _store(resources, url)
    elif url not in [item.get("url") for item in resources.async_items()]:
        _ask_for(hass, url)
        return
    ir.async_delete_issue(hass, DOMAIN, ISSUE)


async def async_remove_card(hass: HomeAssistant) -> None:
    """Unregister the card."""
    ir.async_delete_issue(hass, DOMAIN, ISSUE)
    lovelace = hass.data.get(LOVELACE_DATA)
    if lovelace and isinstance(lovelace.resources, ResourceStorageCollection):
        for item in await _items(lovelace.resources):
            await lovelace.resources.async_delete_item(item["id"])


async def _store(resources: ResourceStorageCollection, url: str) -> None:
    found = await _items(resources)
    if not found:
        await resources.async_create_item({"res_type": "module", "url": url})
    elif found[0]["url"] != url:
        await resources.async_update_item(found[0]["id"], {"res_type": "module", "url": url})
    for item in found[1:]:
        await resources.async_delete_item(item["id"])


async def _items(resources: ResourceStorageCollection) -> list[dict[str, Any]]:
    await resources.async_get_info()  # Loads the stored resources; empty until then.
    return [item for item in cast("list[dict[str, Any]]", resources.async_items()) if _ours(item)]


def _ask_for(hass: HomeAssistant, url: str) -> None:
    """In YAML mode the user maintains the resources: create a repair issue with the lines to add."""
    LOGGER.info("Dashboards take their resources from YAML; for the card add %s (type: module)", url)
    ir.async_create_issue(
        hass,
        DOMAIN,
        ISSUE,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE,
        translation_placeholders={"url": url},
    )


def _ours(item: dict[str, Any]) -> bool:
    return str(item.get("url", "")).partition("?")[0] == PATH


def _digest() -> str:
    return hashlib.sha256(CARD.read_bytes()).hexdigest()[:12]
