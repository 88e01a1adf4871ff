"""Config flow: a service found by zeroconf, MQTT or as an app, or entered manually; and reconfiguration."""

import asyncio
from collections.abc import Mapping
from typing import Any, override

import probatio as vol
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.helpers import selector
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.util.json import json_loads_object
from yarl import URL

from .address import Address, parse_address
from .const import DEFAULT_PORT, DOMAIN, LOGGER, SUBENTRY_MIRROR
from .contract.client import YulelightClient, YulelightError
from .contract.models import Info
from .mirror_flow import MirrorFlow
from .options_flow import YulelightOptionsFlow
from .pairing import Pairing

PORT = selector.NumberSelector(
    selector.NumberSelectorConfig(min=1, max=65535, mode=selector.NumberSelectorMode.BOX)
)
TOKEN = selector.TextSelector(
    selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="off")
)
TOKEN_FORM = vol.Schema({vol.Optional(CONF_TOKEN): TOKEN})
ADDRESS_FORM = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=DEFAULT_PORT): PORT,
        vol.Optional(CONF_TOKEN): TOKEN,
    }
)


class YulelightConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds one service, identified by its id whatever its address.

    Every form for a token may be left empty: then a user who is signed in at the service allows the access there.
    """

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Create the flow without any service."""
        self._address = Address("", DEFAULT_PORT)
        self._info: Info | None = None
        self._errors: dict[str, str] = {}
        self._pairing: Pairing | None = None
        self._waiting: asyncio.Task[str] | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """The options flow."""
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
        """Manual setup with address and optional token. The same form is used for reconfiguration."""
        again = self.source == SOURCE_RECONFIGURE
        known: Mapping[str, Any] = self._get_reconfigure_entry().data if again else {}
        if user_input is not None:
            try:
                typed = parse_address(user_input[CONF_HOST], int(user_input[CONF_PORT]))
            except ValueError:
                self._errors = {CONF_HOST: "invalid_host"}
            else:
                token = (user_input.get(CONF_TOKEN) or "").strip() or typed.token or known.get(CONF_TOKEN, "")
                self._address = typed
                if (result := await self._go_on(token)) is not None:
                    return result
        shown = user_input or {key: value for key, value in known.items() if key != CONF_TOKEN}
        return self.async_show_form(
            step_id="reconfigure" if again else "user",
            data_schema=self.add_suggested_values_to_schema(ADDRESS_FORM, shown or self._typed()),
            errors=self._take_errors(),
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The address or the token of the service has changed."""
        return await self.async_step_user(user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """The service was found by zeroconf."""
        port = discovery_info.port or DEFAULT_PORT
        return await self._found(Address(discovery_info.host, port), discovery_info.properties.get("id"))

    @override
    async def async_step_mqtt(self, discovery_info: MqttServiceInfo) -> ConfigFlowResult:
        """The service was found on the MQTT broker."""
        try:
            said = json_loads_object(discovery_info.payload)
            host, port = said["host"], said["port"]
            if not isinstance(host, str) or not isinstance(port, int) or not 0 < port < 65536:
                raise TypeError("host or port")
            address = parse_address(host, port)
        except (ValueError, KeyError, TypeError) as error:
            LOGGER.debug("no discovery in %s: %s", discovery_info.topic, error)
            return self.async_abort(reason="invalid_discovery")
        return await self._found(address, str(said.get("id") or ""))

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """The service runs as an app of this Home Assistant, which provides the token."""
        config = discovery_info.config
        try:
            address = parse_address(str(config["host"]), int(config["port"]))
            self._address = Address(address.host, address.port, str(config["token"]))
        except KeyError, ValueError, TypeError:
            return self.async_abort(reason="invalid_discovery")
        info, errors = await self._try(self._address.token)
        if info is None:
            return self.async_abort(reason=errors["base"])
        # The data from the app takes precedence over a discovery on the network.
        await self.async_set_unique_id(info.id, raise_on_progress=False)
        self._abort_if_unique_id_configured(updates=self._data(self._address.token))
        for flow in self._async_in_progress():
            if flow["context"].get("unique_id") == info.id:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])
        self._info = info
        self.context["title_placeholders"] = {"name": info.name}
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Confirm with one click; the app's token is known."""
        assert self._info is not None
        if user_input is not None:
            return self.async_create_entry(title=self._info.name, data=self._data(self._address.token))
        self._set_confirm_only()
        return self.async_show_form(
            step_id="hassio_confirm", description_placeholders={"name": self._info.name}
        )

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Confirm a discovered service."""
        assert self._info is not None
        return await self._token_form("pair", self._info.name, user_input)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The token is no longer valid."""
        self._address = Address(entry_data[CONF_HOST], entry_data[CONF_PORT])
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the new one."""
        return await self._token_form("reauth_confirm", self._get_reauth_entry().title, user_input)

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The service asks its users on its page; meanwhile show the code of this request."""
        pairing = self._pairing
        assert pairing is not None
        if self._waiting is None:
            self._waiting = self.hass.async_create_background_task(pairing.token(), f"{DOMAIN} pairing")
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="confirm",
                progress_action="confirm",
                description_placeholders={"code": pairing.code, "url": str(self._page)},
                progress_task=self._waiting,
            )
        return self.async_show_progress_done(next_step_id="answered")

    async def async_step_answered(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The request was answered, or has expired."""
        assert self._waiting is not None
        waiting, self._waiting, self._pairing = self._waiting, None, None
        try:
            result = await self._go_on(waiting.result())
        except YulelightError as error:
            self._errors, result = {"base": error.reason}, None
        if result is not None:
            return result
        if self.source == SOURCE_REAUTH:
            return await self.async_step_reauth_confirm()
        return await (self.async_step_pair() if self._info else self.async_step_user())

    @callback
    @override
    def async_remove(self) -> None:
        """Withdraw the pairing request when the dialogue is closed."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._pairing is not None:
            self.hass.async_create_background_task(_withdraw(self._pairing), f"{DOMAIN} pairing")

    async def _token_form(self, step: str, name: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        if user_input is not None:
            result = await self._go_on((user_input.get(CONF_TOKEN) or "").strip())
            if result is not None:
                return result
        return self.async_show_form(
            step_id=step,
            data_schema=TOKEN_FORM,
            errors=self._take_errors(),
            description_placeholders={"name": name, "url": str(self._page)},
        )

    async def _go_on(self, token: str) -> ConfigFlowResult | None:
        """Finish the flow with a valid token, or wait for one; None if there are ``_errors``."""
        if not token:
            return await self._ask()
        info, self._errors = await self._try(token)
        if info is None:
            return None
        data = self._data(token)
        await self.async_set_unique_id(info.id, raise_on_progress=False)
        if self.source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
            self._abort_if_unique_id_mismatch(reason="other_service")
            again = (
                self._get_reauth_entry() if self.source == SOURCE_REAUTH else self._get_reconfigure_entry()
            )
            return self.async_update_reload_and_abort(again, data_updates=data)
        self._abort_if_unique_id_configured(updates=data)
        return self.async_create_entry(title=info.name, data=data)

    async def _ask(self) -> ConfigFlowResult | None:
        client = self._client()
        try:
            info = await client.info()
            if self.source not in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
                await self._follow(await self.async_set_unique_id(info.id, raise_on_progress=False))
            self._pairing = await Pairing.ask(client, self.hass.config.location_name)
        except YulelightError as error:
            self._errors = {"base": error.reason}
            return None
        return await self.async_step_confirm()

    async def _found(self, address: Address, announced: str | None) -> ConfigFlowResult:
        """Verify the identity of a discovered service before an entry takes over its new address."""
        self._address = address
        if announced:
            entry = await self.async_set_unique_id(announced)
            if entry and entry.source == SOURCE_IGNORE:
                return self.async_abort(reason="already_configured")
            if entry and (entry.data[CONF_HOST], entry.data[CONF_PORT]) == (address.host, address.port):
                if entry.state is ConfigEntryState.LOADED:
                    entry.runtime_data.async_wake()
                self._abort_if_unique_id_configured()  # Retries the setup if it is waiting for that.
        try:
            info = await self._client().info()
        except YulelightError as error:
            return self.async_abort(reason=error.reason)
        if announced and info.id != announced:
            return self.async_abort(reason="other_service")
        await self._follow(await self.async_set_unique_id(info.id))
        self._info = info
        self.context["title_placeholders"] = {"name": info.name}
        self.context["configuration_url"] = str(self._page)
        return await self.async_step_pair()

    async def _follow(self, entry: ConfigEntry | None) -> None:
        """Abort the flow of a service that has an entry, and update the entry's address.

        Any device can claim the service's id, so the new address must accept the token.
        """
        if entry is None or entry.source == SOURCE_IGNORE:
            return self._abort_if_unique_id_configured()
        if entry.state is ConfigEntryState.LOADED and entry.runtime_data.last_update_success:
            self._abort_if_unique_id_configured()  # Its present address works.
        _, errors = await self._try(entry.data[CONF_TOKEN])
        where = {CONF_HOST: self._address.host, CONF_PORT: self._address.port}
        self._abort_if_unique_id_configured(updates=None if errors else where)
        return None

    async def _try(self, token: str) -> tuple[Info | None, dict[str, str]]:
        """The service that accepts this token, or an error."""
        client = self._client(token)
        try:
            info = await client.info()
            await client.get("status")
        except YulelightError as error:
            return None, {"base": error.reason}
        return info, {}

    def _take_errors(self) -> dict[str, str]:
        errors, self._errors = self._errors, {}
        return errors

    def _data(self, token: str) -> dict[str, Any]:
        return {CONF_HOST: self._address.host, CONF_PORT: self._address.port, CONF_TOKEN: token}

    def _typed(self) -> dict[str, Any]:
        return {CONF_HOST: self._address.host, CONF_PORT: self._address.port} if self._address.host else {}

    @property
    def _page(self) -> URL:
        return URL.build(scheme="http", host=self._address.host, port=self._address.port)

    def _client(self, token: str = "") -> YulelightClient:
        return YulelightClient(async_get_clientsession(self.hass), self._page, token)


async def _withdraw(pairing: Pairing) -> None:
    try:
        await pairing.withdraw()
    except YulelightError as error:
        LOGGER.debug("the pairing request ends by itself: %s", error)
