"""Serves the dashboard card and registers it as a resource of dashboards.

It is a resource because an extra module of the frontend would race with the frontend's own start.
"""

from pathlib import Path
from typing import Any, cast

from homeassistant.components.lovelace import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN, LOGGER
from .files import async_serve

CARD = Path(__file__).parent / "frontend" / "yulelight-card.js"
PATH = "/yulelight/yulelight-card.js"
ISSUE = "card_by_hand"


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card and register it, once for all services."""
    url = await async_serve(hass, CARD, PATH)
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
