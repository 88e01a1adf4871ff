"""Serves files of the integration to the frontend, each at an address that changes with its content."""

import asyncio
import hashlib
from pathlib import Path

from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

SERVED: HassKey[dict[str, asyncio.Future[str]]] = HassKey(f"{DOMAIN}_files")
"""The address with its hash by path; a path can be registered only once."""


async def async_serve(hass: HomeAssistant, file: Path, path: str) -> str:
    """Serve the file, once for all services, and return its address. Browsers may cache it for long."""
    served = hass.data.setdefault(SERVED, {})
    if path not in served:
        served[path] = hass.loop.create_future()
        digest = await hass.async_add_executor_job(lambda: hashlib.sha256(file.read_bytes()).hexdigest()[:12])
        await hass.http.async_register_static_paths([StaticPathConfig(path, str(file), cache_headers=True)])
        served[path].set_result(f"{path}?v={digest}")
    return await served[path]
