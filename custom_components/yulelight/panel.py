"""The service's page in Home Assistant's sidebar: a panel of the same parts, connected through this integration.

The browser gets no token of the service. It sends requests to a view of Home Assistant and messages over its WebSocket
(see tunnel.py); both check who asks.
"""

from pathlib import Path

from homeassistant.components.frontend import async_panel_exists, async_remove_panel
from homeassistant.components.panel_custom import async_register_panel
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import ADMINS, CONF_PANEL, DOMAIN, NOBODY
from .coordinator import YulelightConfigEntry
from .files import async_serve
from .tunnel import YulelightView, async_setup_tunnel

FILE = Path(__file__).parent / "frontend" / "yulelight-panel.js"
PATH = "/yulelight/yulelight-panel.js"
ELEMENT = "yulelight-panel"
ICON = "mdi:string-lights"
READY: HassKey[bool] = HassKey(f"{DOMAIN}_panel")


@callback
def async_setup_panels(hass: HomeAssistant) -> None:
    """Register what all panels share."""
    async_setup_tunnel(hass)


async def async_setup_panel(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Show the panel of a service to those who may see it, until the entry is unloaded."""
    if READY not in hass.data:
        hass.data[READY] = True
        hass.http.register_view(YulelightView())
    wanted = entry.options.get(CONF_PANEL, ADMINS)
    if wanted == NOBODY:
        return
    address = await async_serve(hass, FILE, PATH)
    # The first service has the plain address; a second one has another.
    path = f"{DOMAIN}-{entry.unique_id}" if async_panel_exists(hass, DOMAIN) else DOMAIN
    await async_register_panel(
        hass,
        frontend_url_path=path,
        webcomponent_name=ELEMENT,
        sidebar_title=entry.title,
        sidebar_icon=ICON,
        module_url=address,
        embed_iframe=False,
        config={"entry_id": entry.entry_id},
        require_admin=wanted == ADMINS,
    )
    entry.async_on_unload(lambda: async_remove_panel(hass, path))
