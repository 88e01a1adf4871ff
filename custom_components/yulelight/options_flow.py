"""The options flow."""

from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import selector

from .const import (
    ADMINS,
    CONF_DELAY,
    CONF_ENTITIES,
    CONF_NATIVE_LIGHTS,
    CONF_PANEL,
    CONF_PLAYER,
    CONF_STATE_INTERVAL,
    DEFAULT_STATE_INTERVAL,
    OPTIONAL_PLATFORMS,
    PANEL_FOR,
)
from .contract.client import YulelightError


class YulelightOptionsFlow(OptionsFlowWithReload):
    """Options on a single page."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the page."""
        errors: dict[str, str] = {}
        if user_input is not None:
            delay = user_input.pop(CONF_DELAY, None)
            try:
                await self._set_delay(delay)
            except YulelightError as error:
                errors = {CONF_DELAY: error.reason}
            else:
                return self.async_create_entry(data=user_input)
        values = user_input or dict(self.config_entry.options)
        loaded = self.config_entry.state is ConfigEntryState.LOADED
        if loaded:
            values[CONF_DELAY] = round(self.config_entry.runtime_data.data.status.delay * 1000)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(self._form(loaded), values),
            errors=errors,
        )

    async def _set_delay(self, delay: float | None) -> None:
        """Store the delay in the service. Raises YulelightError."""
        if delay is None or self.config_entry.state is not ConfigEntryState.LOADED:
            return
        coordinator = self.config_entry.runtime_data
        if abs(coordinator.data.status.delay - delay / 1000) >= 0.0005:
            await coordinator.async_command("delay", seconds=delay / 1000)

    def _form(self, loaded: bool) -> vol.Schema:
        own = er.async_entries_for_config_entry(er.async_get(self.hass), self.config_entry.entry_id)
        fields: dict[vol.Marker, Any] = {
            vol.Required(CONF_NATIVE_LIGHTS, default=False): selector.BooleanSelector(),
            vol.Required(CONF_STATE_INTERVAL, default=DEFAULT_STATE_INTERVAL): selector.NumberSelector(
                selector.NumberSelectorConfig(min=1, max=60, step=1, unit_of_measurement="s")
            ),
            vol.Required(CONF_ENTITIES, default=list(OPTIONAL_PLATFORMS)): selector.SelectSelector(
                selector.SelectSelectorConfig(
                    options=list(OPTIONAL_PLATFORMS), multiple=True, translation_key=CONF_ENTITIES
                )
            ),
            vol.Required(CONF_PANEL, default=ADMINS): selector.SelectSelector(
                selector.SelectSelectorConfig(options=list(PANEL_FOR), translation_key=CONF_PANEL)
            ),
            vol.Optional(CONF_PLAYER): selector.EntitySelector(
                selector.EntitySelectorConfig(
                    domain="media_player", exclude_entities=[entity.entity_id for entity in own]
                )
            ),
        }
        if loaded:
            fields[vol.Optional(CONF_DELAY)] = selector.NumberSelector(
                selector.NumberSelectorConfig(
                    min=-2000,
                    max=5000,
                    step=1,
                    unit_of_measurement="ms",
                    mode=selector.NumberSelectorMode.BOX,
                )
            )
        return vol.Schema(fields)
