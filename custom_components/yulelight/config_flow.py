"""Adding the service: found on the network, by an app or over MQTT, or named by hand; and changing it later."""

from collections.abc import Mapping
from typing import Any, override

import probatio as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
    OptionsFlowWithReload,
    SubentryFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import selector
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.util.json import json_loads_object
from yarl import URL

from .const import (
    CHANNELS,
    CONF_CHANNEL,
    CONF_DELAY,
    CONF_ENTITIES,
    CONF_LIGHTS,
    CONF_NATIVE_LIGHTS,
    CONF_PLAYER,
    CONF_RATE,
    CONF_STATE_INTERVAL,
    DEFAULT_PORT,
    DEFAULT_RATE,
    DEFAULT_STATE_INTERVAL,
    DOMAIN,
    LOGGER,
    OPTIONAL_PLATFORMS,
    SUBENTRY_MIRROR,
)
from .contract.client import (
    CannotConnectError,
    InvalidAuthError,
    NotYulelightError,
    UnsupportedError,
    YulelightClient,
    YulelightError,
)
from .contract.models import Info

PORT = selector.NumberSelector(
    selector.NumberSelectorConfig(min=1, max=65535, mode=selector.NumberSelectorMode.BOX)
)
TOKEN = selector.TextSelector(
    selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="off")
)
TOKEN_FORM = vol.Schema({vol.Required(CONF_TOKEN): TOKEN})
ADDRESS_FORM = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=DEFAULT_PORT): PORT,
        vol.Required(CONF_TOKEN): TOKEN,
    }
)


class YulelightConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds one service, known by its id wherever it answers."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Nothing was found yet."""
        self._host = ""
        self._port = DEFAULT_PORT
        self._info: Info | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options' form."""
        return YulelightOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Lights that follow a channel."""
        return {SUBENTRY_MIRROR: MirrorFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """By hand: address and token. The same form changes them later."""
        errors: dict[str, str] = {}
        if user_input is not None:
            host, port = user_input[CONF_HOST].strip(), int(user_input[CONF_PORT])
            info, errors = await self._try(host, port, user_input[CONF_TOKEN].strip())
            if info is not None:
                data = {CONF_HOST: host, CONF_PORT: port, CONF_TOKEN: user_input[CONF_TOKEN].strip()}
                await self.async_set_unique_id(info.id, raise_on_progress=False)
                if self.source == SOURCE_RECONFIGURE:
                    self._abort_if_unique_id_mismatch(reason="other_service")
                    return self.async_update_reload_and_abort(
                        self._get_reconfigure_entry(), data_updates=data
                    )
                self._abort_if_unique_id_configured(updates=data)
                return self.async_create_entry(title=info.name, data=data)
        known = self._get_reconfigure_entry().data if self.source == SOURCE_RECONFIGURE else {}
        return self.async_show_form(
            step_id="reconfigure" if self.source == SOURCE_RECONFIGURE else "user",
            data_schema=self.add_suggested_values_to_schema(ADDRESS_FORM, user_input or known),
            errors=errors,
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The service has moved, or has another token."""
        return await self.async_step_user(user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """The service announced itself on the network."""
        port = discovery_info.port or DEFAULT_PORT
        return await self._found(discovery_info.host, port, discovery_info.properties.get("id"))

    @override
    async def async_step_mqtt(self, discovery_info: MqttServiceInfo) -> ConfigFlowResult:
        """The service announced itself on the broker."""
        try:
            said = json_loads_object(discovery_info.payload)
            host, port = said["host"], said["port"]
            if not isinstance(host, str) or not isinstance(port, int) or not 0 < port < 65536:
                raise TypeError("host or port")
        except (ValueError, KeyError, TypeError) as error:
            LOGGER.debug("no discovery in %s: %s", discovery_info.topic, error)
            return self.async_abort(reason="invalid_discovery")
        return await self._found(host, port, str(said.get("id") or ""))

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """The service runs as an app of this Home Assistant, which hands over the token itself."""
        config = discovery_info.config
        try:
            host, port, token = str(config["host"]), int(config["port"]), str(config["token"])
        except KeyError, ValueError, TypeError:
            return self.async_abort(reason="invalid_discovery")
        info, errors = await self._try(host, port, token)
        if info is None:
            return self.async_abort(reason=errors["base"])
        await self.async_set_unique_id(info.id)
        data = {CONF_HOST: host, CONF_PORT: port, CONF_TOKEN: token}
        self._abort_if_unique_id_configured(updates=data)
        self._host, self._port, self._info = host, port, info
        self._token = token
        self.context["title_placeholders"] = {"name": info.name}
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """One click: the app's token is known."""
        assert self._info is not None
        if user_input is not None:
            data = {CONF_HOST: self._host, CONF_PORT: self._port, CONF_TOKEN: self._token}
            return self.async_create_entry(title=self._info.name, data=data)
        self._set_confirm_only()
        return self.async_show_form(
            step_id="hassio_confirm", description_placeholders={"name": self._info.name}
        )

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """A found service: only its token is missing."""
        assert self._info is not None
        errors: dict[str, str] = {}
        if user_input is not None:
            token = user_input[CONF_TOKEN].strip()
            info, errors = await self._try(self._host, self._port, token)
            if info is not None:
                data = {CONF_HOST: self._host, CONF_PORT: self._port, CONF_TOKEN: token}
                return self.async_create_entry(title=info.name, data=data)
        return self.async_show_form(
            step_id="pair",
            data_schema=TOKEN_FORM,
            errors=errors,
            description_placeholders={"name": self._info.name, "url": f"http://{self._host}:{self._port}"},
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The token is no longer good."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the new one."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            token = user_input[CONF_TOKEN].strip()
            info, errors = await self._try(entry.data[CONF_HOST], entry.data[CONF_PORT], token)
            if info is not None:
                await self.async_set_unique_id(info.id)
                self._abort_if_unique_id_mismatch(reason="other_service")
                return self.async_update_reload_and_abort(entry, data_updates={CONF_TOKEN: token})
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=TOKEN_FORM,
            errors=errors,
            description_placeholders={"name": entry.title},
        )

    async def _found(self, host: str, port: int, announced: str | None) -> ConfigFlowResult:
        """Whoever answers there is asked who it is before an entry follows it to a new address."""
        if announced:
            entry = await self.async_set_unique_id(announced)
            if entry and (entry.data[CONF_HOST], entry.data[CONF_PORT]) == (host, port):
                return self.async_abort(reason="already_configured")
        try:
            info = await self._client(host, port).info()
        except YulelightError as error:
            return self.async_abort(reason=_reason(error))
        if announced and info.id != announced:
            return self.async_abort(reason="other_service")
        entry = await self.async_set_unique_id(info.id)
        if entry is not None:
            # Anybody can announce our id: the address is only followed if it knows our token.
            _, errors = await self._try(host, port, entry.data[CONF_TOKEN])
            if errors:
                return self.async_abort(reason="already_configured")
        self._abort_if_unique_id_configured(updates={CONF_HOST: host, CONF_PORT: port})
        self._host, self._port, self._info = host, port, info
        self.context["title_placeholders"] = {"name": info.name}
        self.context["configuration_url"] = f"http://{host}:{port}"
        return await self.async_step_pair()

    async def _try(self, host: str, port: int, token: str) -> tuple[Info | None, dict[str, str]]:
        """Who answers to this token, or what is wrong."""
        client = self._client(host, port, token)
        try:
            info = await client.info()
            await client.get("status")
        except YulelightError as error:
            return None, {"base": _reason(error)}
        return info, {}

    def _client(self, host: str, port: int, token: str = "") -> YulelightClient:
        return YulelightClient(
            async_get_clientsession(self.hass), URL.build(scheme="http", host=host, port=port), token
        )


def _reason(error: YulelightError) -> str:
    match error:
        case InvalidAuthError():
            return "invalid_auth"
        case UnsupportedError():
            return "unsupported_version"
        case NotYulelightError():
            return "not_yulelight"
        case CannotConnectError():
            return "cannot_connect"
    return "refused"


class YulelightOptionsFlow(OptionsFlowWithReload):
    """What may be changed at any time."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The only page."""
        errors: dict[str, str] = {}
        if user_input is not None:
            delay = user_input.pop(CONF_DELAY, None)
            try:
                await self._set_delay(delay)
            except YulelightError as error:
                errors = {CONF_DELAY: _reason(error)}
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
        """The service keeps it, for everybody. Raises YulelightError."""
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


class MirrorFlow(ConfigSubentryFlow):
    """Lights of the house that follow a channel."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add such a group of lights."""
        if user_input is not None:
            return self.async_create_entry(title=user_input[CONF_NAME], data=user_input)
        return self.async_show_form(step_id="user", data_schema=_mirror_form())

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change it."""
        entry, subentry = self._get_entry(), self._get_reconfigure_subentry()
        if user_input is not None:
            return self.async_update_and_abort(entry, subentry, title=user_input[CONF_NAME], data=user_input)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(_mirror_form(), subentry.data),
        )


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
