"""Every way to add the service, every error on it, and that each can be recovered from."""

import json
from ipaddress import ip_address
from typing import Any

import pytest
from custom_components.yulelight import coordinator
from custom_components.yulelight.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_HASSIO,
    SOURCE_IGNORE,
    SOURCE_MQTT,
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import TOKEN, StubService, eventually


def address(service: StubService, **changes: Any) -> dict[str, Any]:
    return {CONF_HOST: "127.0.0.1", CONF_PORT: service.port, CONF_TOKEN: TOKEN, **changes}


def announced(service: StubService, name: str = "ab12", host: str = "127.0.0.1") -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address=ip_address(host),
        ip_addresses=[ip_address(host)],
        port=service.port,
        hostname="yulelight-ab12.local.",
        type="_yulelight._tcp.local.",
        name="Our house._yulelight._tcp.local.",
        properties={"id": name, "api": "1", "name": "Our house", "version": "0.1.0"},
    )


def on_broker(payload: str) -> MqttServiceInfo:
    return MqttServiceInfo("yulelight/discovery/ab12", payload, 0, True, "yulelight/discovery/#", 0.0)


async def begin(hass: HomeAssistant, source: str, data: Any = None) -> Any:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": source}, data=data)


async def go_on(hass: HomeAssistant, step: Any, **fields: Any) -> Any:
    return await hass.config_entries.flow.async_configure(step["flow_id"], fields)


async def test_by_hand(hass: HomeAssistant, service: StubService) -> None:
    step = await begin(hass, SOURCE_USER)
    assert step["type"] is FlowResultType.FORM
    assert step["step_id"] == "user"
    done = await go_on(hass, step, **address(service))
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Our house"
    assert done["data"] == address(service)
    assert done["result"].unique_id == "ab12"
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"token": "no"}, "invalid_auth"),
        ({"api": {"min": 7, "max": 8}}, "unsupported_version"),
        ({"id": ""}, "not_yulelight"),
        ({"port": 1}, "cannot_connect"),
        ({"refuse": "it burns"}, "refused"),
    ],
)
async def test_by_hand_after_a_mistake(
    hass: HomeAssistant, service: StubService, wrong: dict[str, Any], error: str
) -> None:
    right = {key: getattr(service, key) for key in wrong}
    for key, value in wrong.items():
        setattr(service, key, value)
    step = await go_on(hass, await begin(hass, SOURCE_USER), **address(service))
    assert step["errors"] == {"base": error}
    for key, value in right.items():
        setattr(service, key, value)
    done = await go_on(hass, step, **address(service))
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_the_same_service_twice(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    done = await go_on(hass, await begin(hass, SOURCE_USER), **address(service))
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "already_configured"


async def test_found_on_the_network(hass: HomeAssistant, service: StubService) -> None:
    step = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert step["step_id"] == "pair"
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": "Our house"}
    step = await go_on(hass, step, **{CONF_TOKEN: "no"})
    assert step["errors"] == {"base": "invalid_auth"}
    done = await go_on(hass, step, **{CONF_TOKEN: TOKEN})
    assert done["data"] == address(service)
    await hass.async_block_till_done()


async def test_found_again_at_the_same_address(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    done = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert done["reason"] == "already_configured"


async def test_a_new_address_is_followed_when_it_knows_the_token(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    assert await hass.config_entries.async_unload(loaded.entry_id)
    hass.config_entries.async_update_entry(loaded, data=address(service, host="192.0.2.7"))
    done = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert done["reason"] == "already_configured"
    assert loaded.data[CONF_HOST] == "127.0.0.1"


async def test_an_address_that_works_is_kept(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """A machine with two addresses announces now the one, now the other; no entity flickers for that."""
    hass.config_entries.async_update_entry(loaded, data=address(service, host="localhost"))
    done = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert done["reason"] == "already_configured"
    assert loaded.data[CONF_HOST] == "localhost"


async def test_a_stranger_with_our_id_is_not_followed(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    entry.add_to_hass(hass)
    async with StubService() as stranger:
        stranger.token = "another"
        done = await begin(hass, SOURCE_ZEROCONF, announced(stranger))
    assert done["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == service.port


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"id": "cd34"}, "other_service"),
        ({"api": {"min": 7, "max": 8}}, "unsupported_version"),
        ({"id": ""}, "not_yulelight"),
        ({"port": 1}, "cannot_connect"),
    ],
)
async def test_what_was_found_is_no_good(
    hass: HomeAssistant, service: StubService, wrong: dict[str, Any], reason: str
) -> None:
    for key, value in wrong.items():
        setattr(service, key, value)
    done = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == reason


async def test_found_on_the_broker(hass: HomeAssistant, service: StubService) -> None:
    said = {"id": "ab12", "name": "Our house", "host": "127.0.0.1", "port": service.port}
    step = await begin(hass, SOURCE_MQTT, on_broker(json.dumps(said)))
    assert step["step_id"] == "pair"
    done = await go_on(hass, step, **{CONF_TOKEN: TOKEN})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", '{"host": 1, "port": 2}', '{"host": "x", "port": 99999}']
)
async def test_nonsense_on_the_broker(hass: HomeAssistant, payload: str) -> None:
    assert (await begin(hass, SOURCE_MQTT, on_broker(payload)))["reason"] == "invalid_discovery"


def app(config: dict[str, Any]) -> HassioServiceInfo:
    return HassioServiceInfo(config=config, name="Yulelight", slug="yulelight", uuid="1")


async def test_an_app(hass: HomeAssistant, service: StubService) -> None:
    step = await begin(hass, SOURCE_HASSIO, app(address(service)))
    assert step["step_id"] == "hassio_confirm"
    done = await go_on(hass, step)
    assert done["data"] == address(service)
    await hass.async_block_till_done()


async def test_an_app_that_was_heard_on_the_network_first(hass: HomeAssistant, service: StubService) -> None:
    assert (await begin(hass, SOURCE_ZEROCONF, announced(service)))["step_id"] == "pair"
    step = await begin(hass, SOURCE_HASSIO, app(address(service)))
    assert [flow["step_id"] for flow in hass.config_entries.flow.async_progress()] == ["hassio_confirm"]
    assert (await begin(hass, SOURCE_ZEROCONF, announced(service)))["reason"] == "already_in_progress"
    assert (await go_on(hass, step))["data"] == address(service)
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("config", "reason"),
    [({}, "invalid_discovery"), ({"host": "127.0.0.1", "port": 1, "token": "x"}, "cannot_connect")],
)
async def test_an_app_that_is_no_good(hass: HomeAssistant, config: dict[str, Any], reason: str) -> None:
    assert (await begin(hass, SOURCE_HASSIO, app(config)))["reason"] == reason


async def test_reconfigure(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    step = await loaded.start_reconfigure_flow(hass)
    assert step["step_id"] == "reconfigure"
    step = await go_on(hass, step, **address(service, port=1))
    assert step["errors"] == {"base": "cannot_connect"}
    service.token = "new"
    done = await go_on(hass, step, **address(service, token="new"))
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert loaded.data[CONF_TOKEN] == "new"
    assert loaded.state is ConfigEntryState.LOADED


async def test_reconfigure_to_another_service(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    async with StubService() as other:
        other.id = "cd34"
        done = await go_on(hass, await loaded.start_reconfigure_flow(hass), **address(other))
    assert done["reason"] == "other_service"


async def test_a_new_token(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    service.token = "new"
    step = await loaded.start_reauth_flow(hass)
    assert step["step_id"] == "reauth_confirm"
    step = await go_on(hass, step, **{CONF_TOKEN: "wrong"})
    assert step["errors"] == {"base": "invalid_auth"}
    done = await go_on(hass, step, **{CONF_TOKEN: "new"})
    assert done["reason"] == "reauth_successful"
    assert loaded.data[CONF_TOKEN] == "new"
    await hass.async_block_till_done()


async def test_options(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    step = await hass.config_entries.options.async_init(loaded.entry_id)
    assert step["step_id"] == "init"
    done = await hass.config_entries.options.async_configure(
        step["flow_id"], {"native_lights": True, "state_interval": 2}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert len(hass.states.async_entity_ids("light")) == 9


async def test_the_audio_delay_is_the_services(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    flows = hass.config_entries.options
    step = await flows.async_init(loaded.entry_id)
    asked = {"native_lights": False, "state_interval": 2, "delay": 120}
    service.refuse = "not now"
    step = await flows.async_configure(step["flow_id"], dict(asked))
    assert step["errors"] == {"delay": "refused"}
    service.refuse = ""
    done = await flows.async_configure(step["flow_id"], dict(asked))
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert service.commands()[-1] == {"command": "delay", "seconds": 0.12}
    assert "delay" not in loaded.options
    await hass.async_block_till_done()


async def test_options_while_the_service_is_away(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    entry.add_to_hass(hass)
    step = await hass.config_entries.options.async_init(entry.entry_id)
    schema = step["data_schema"]
    assert schema is not None and "delay" not in schema.schema
    done = await hass.config_entries.options.async_configure(step["flow_id"], {"player": "media_player.hall"})
    assert done["data"]["player"] == "media_player.hall"
    await hass.async_block_till_done()


async def test_only_the_entities_that_are_wanted(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    assert hass.states.async_entity_ids("switch")
    step = await hass.config_entries.options.async_init(loaded.entry_id)
    await hass.config_entries.options.async_configure(
        step["flow_id"], {"native_lights": False, "entities": ["calendar", "sensor"]}
    )
    await hass.async_block_till_done()
    domains = {
        entity.domain for entity in er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    }
    assert domains == {"media_player", "calendar", "sensor", "light"}
    step = await hass.config_entries.options.async_init(loaded.entry_id)
    await hass.config_entries.options.async_configure(step["flow_id"], {"entities": ["switch"]})
    await hass.async_block_till_done()
    assert hass.states.async_entity_ids("switch")


async def test_lights_that_follow(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    flows = hass.config_entries.subentries
    step = await flows.async_init((loaded.entry_id, "mirror"), context={"source": SOURCE_USER})
    data = {"name": "Porch", "channel": "3", "lights": ["light.porch"], "rate": 2.0}
    done = await flows.async_configure(step["flow_id"], data)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    [subentry] = loaded.subentries.values()
    assert subentry.title == "Porch"
    step = await loaded.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    done = await flows.async_configure(step["flow_id"], {**data, "rate": 3.0})
    assert done["reason"] == "reconfigure_successful"
    [subentry] = loaded.subentries.values()
    assert subentry.data["rate"] == 3.0


@pytest.mark.parametrize("host", ["https://127.0.0.1", "a b", "house:port", ""])
async def test_what_is_no_address(hass: HomeAssistant, service: StubService, host: str) -> None:
    step = await go_on(hass, await begin(hass, SOURCE_USER), **address(service, host=host))
    assert step["errors"] == {CONF_HOST: "invalid_host"}
    done = await go_on(hass, step, **address(service, host=f"http://127.0.0.1:{service.port}/", port=8770))
    assert done["data"] == address(service)
    await hass.async_block_till_done()


async def test_the_address_that_the_service_prints(hass: HomeAssistant, service: StubService) -> None:
    page = f"http://127.0.0.1:{service.port}/#token={TOKEN}"
    done = await go_on(hass, await begin(hass, SOURCE_USER), host=page, port=8770)
    assert done["data"] == address(service)
    await hass.async_block_till_done()


async def test_an_announcement_ends_the_wait_for_the_next_try(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    await service.stop()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    waits = entry.state is ConfigEntryState.SETUP_RETRY
    assert waits
    await service.start()
    done = await begin(hass, SOURCE_ZEROCONF, announced(service))
    assert done["reason"] == "already_configured"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_announcement_ends_an_outage(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "FIRST_WAIT", 3600.0)
    monkeypatch.setattr(coordinator, "MAX_WAIT", 3600.0)
    await service.stop()
    await eventually(lambda: not loaded.runtime_data.last_update_success)
    await service.start()
    await begin(hass, SOURCE_ZEROCONF, announced(service))
    await eventually(lambda: loaded.runtime_data.last_update_success)


async def test_a_service_that_the_user_ignores(hass: HomeAssistant, service: StubService) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id="ab12", source=SOURCE_IGNORE).add_to_hass(hass)
    for id in ("ab12", None):
        info = announced(service)
        info.properties["id"] = id
        assert (await begin(hass, SOURCE_ZEROCONF, info))["reason"] == "already_configured"


@pytest.mark.parametrize(
    ("lights", "error"),
    [
        (["light.porch", "light.porch"], "light_twice"),
        (["light.taken"], "light_twice"),
        (["light.our_house_all_lights"], "own_light"),
        (["light.by_mqtt"], "own_light"),
    ],
)
async def test_lights_that_cannot_follow(
    hass: HomeAssistant, loaded: MockConfigEntry, lights: list[str], error: str
) -> None:
    er.async_get(hass).async_get_or_create(
        "light", "mqtt", "yulelight_ab12_light_3", suggested_object_id="by_mqtt"
    )
    flows = hass.config_entries.subentries
    step = await flows.async_init((loaded.entry_id, "mirror"), context={"source": SOURCE_USER})
    data = {"name": "Porch", "channel": "3", "lights": ["light.taken"], "rate": 2.0}
    await flows.async_configure(step["flow_id"], dict(data))
    step = await flows.async_init((loaded.entry_id, "mirror"), context={"source": SOURCE_USER})
    step = await flows.async_configure(step["flow_id"], {**data, "lights": lights})
    assert step["errors"] == {"lights": error}
    done = await flows.async_configure(step["flow_id"], {**data, "lights": ["light.porch"]})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    second = next(sub for sub in loaded.subentries.values() if sub.data["lights"] == ["light.porch"])
    step = await loaded.start_subentry_reconfigure_flow(hass, second.subentry_id)
    step = await flows.async_configure(step["flow_id"], {**data, "lights": lights})
    assert step["errors"] == {"lights": error}
    done = await flows.async_configure(step["flow_id"], {**data, "lights": ["light.porch"], "rate": 3.0})
    assert done["reason"] == "reconfigure_successful"
