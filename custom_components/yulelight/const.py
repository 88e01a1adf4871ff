"""Constants shared by several files of the integration."""

import logging
from typing import Final

DOMAIN: Final = "yulelight"
LOGGER: Final = logging.getLogger(__package__)

CHANNELS: Final = 8
DEFAULT_PORT: Final = 8770

CONF_NATIVE_LIGHTS: Final = "native_lights"
CONF_STATE_INTERVAL: Final = "state_interval"
CONF_PLAYER: Final = "player"
CONF_ENTITIES: Final = "entities"
CONF_DELAY: Final = "delay"
CONF_PANEL: Final = "panel"

NOBODY: Final = "nobody"
ADMINS: Final = "admins"
EVERYBODY: Final = "everybody"
PANEL_FOR: Final = (ADMINS, EVERYBODY, NOBODY)
"""Who sees the panel in the sidebar."""

OPTIONAL_PLATFORMS: Final = (
    "binary_sensor",
    "button",
    "calendar",
    "event",
    "number",
    "select",
    "sensor",
    "switch",
    "update",
)

SUBENTRY_MIRROR: Final = "mirror"
CONF_CHANNEL: Final = "channel"
CONF_LIGHTS: Final = "lights"
CONF_RATE: Final = "rate"

DEFAULT_STATE_INTERVAL: Final = 1.0
DEFAULT_RATE: Final = 4.0

EVENT_TYPES: Final = ("started", "song_changed", "section_changed", "finished", "failed")
