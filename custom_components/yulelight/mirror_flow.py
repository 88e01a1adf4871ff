"""Subentry flow for mirrored lights: adding and changing a group that follows a channel."""

from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers import selector

from .const import CHANNELS, CONF_CHANNEL, CONF_LIGHTS, CONF_RATE, DEFAULT_RATE, DOMAIN, SUBENTRY_MIRROR
from .lights import is_ours


class MirrorFlow(ConfigSubentryFlow):
    """Configures a group of lights that follow a channel."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a group."""
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := self._errors(user_input)):
            return self.async_create_entry(title=user_input[CONF_NAME], data=user_input)
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_mirror_form(), user_input or {}),
            errors=errors,
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a group."""
        entry, subentry = self._get_entry(), self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := self._errors(user_input, subentry.subentry_id)):
            return self.async_update_and_abort(entry, subentry, title=user_input[CONF_NAME], data=user_input)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(_mirror_form(), user_input or subentry.data),
            errors=errors,
        )

    def _errors(self, wanted: dict[str, Any], itself: str = "") -> dict[str, str]:
        """Errors: a light cannot follow itself, nor two channels."""
        lights: list[str] = wanted[CONF_LIGHTS]
        if any(is_ours(self.hass, light) for light in lights):
            return {CONF_LIGHTS: "own_light"}
        followed = {
            light
            for entry in self.hass.config_entries.async_entries(DOMAIN)
            for other in entry.subentries.values()
            if other.subentry_type == SUBENTRY_MIRROR and other.subentry_id != itself
            for light in other.data[CONF_LIGHTS]
        }
        if len(set(lights)) < len(lights) or followed & set(lights):
            return {CONF_LIGHTS: "light_twice"}
        return {}


def _mirror_form() -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_NAME): str,
            vol.Required(CONF_CHANNEL, default="1"): selector.SelectSelector(
                selector.SelectSelectorConfig(
                    options=[str(channel) for channel in range(1, CHANNELS + 1)],
                    mode=selector.SelectSelectorMode.DROPDOWN,
                )
            ),
            vol.Required(CONF_LIGHTS): selector.EntitySelector(
                selector.EntitySelectorConfig(domain="light", multiple=True)
            ),
            vol.Required(CONF_RATE, default=DEFAULT_RATE): selector.NumberSelector(
                selector.NumberSelectorConfig(min=0.5, max=10, step=0.5, unit_of_measurement="Hz")
            ),
        }
    )
