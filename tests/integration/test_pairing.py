"""Pairing by consent: the form for the token is left empty, and somebody says yes at the service."""

import asyncio
from typing import Any

import pytest
from custom_components.yulelight import pairing
from homeassistant.config_entries import SOURCE_USER, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import TOKEN, StubService, eventually
from tests.integration.test_config_flow import announced, begin, go_on


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "POLL_INTERVAL", 0.01)


async def asking(hass: HomeAssistant, service: StubService) -> Any:
    """A found service's form, submitted empty."""
    step = await begin(hass, SOURCE_ZEROCONF, announced(service))
    return await go_on(hass, step)


async def answered(hass: HomeAssistant, service: StubService, step: Any, answer: str) -> Any:
    """Somebody answers at the service; what the dialogue shows next."""
    if answer == "forgotten":
        service.pairing = {}
    else:
        service.pairing["answer"] = answer
    flow: Any = hass.config_entries.flow._progress[step["flow_id"]]
    await eventually(flow._waiting.done)
    await eventually(lambda: flow.cur_step["step_id"] == "answered")
    return await hass.config_entries.flow.async_configure(step["flow_id"])


async def test_a_found_service_is_allowed(hass: HomeAssistant, service: StubService) -> None:
    hass.config.location_name = "Elm\nStreet"
    step = await asking(hass, service)
    assert step["type"] is FlowResultType.SHOW_PROGRESS
    assert step["description_placeholders"]["code"] == service.pairing["code"] == "0417"
    assert step["description_placeholders"]["url"] == f"http://127.0.0.1:{service.port}"
    assert service.pairing["name"] == "ElmStreet"
    await answered(hass, service, step, "allowed")
    [entry] = hass.config_entries.async_entries("yulelight")
    assert entry.data == {"host": "127.0.0.1", "port": service.port, "token": TOKEN}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_by_hand_without_a_token(hass: HomeAssistant, service: StubService) -> None:
    where = {"host": f"http://127.0.0.1:{service.port}/", "port": 8770}
    step = await go_on(hass, await begin(hass, SOURCE_USER), **where)
    assert step["type"] is FlowResultType.SHOW_PROGRESS
    await answered(hass, service, step, "allowed")
    [entry] = hass.config_entries.async_entries("yulelight")
    assert (entry.unique_id, entry.data["token"]) == ("ab12", TOKEN)
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    ("answer", "error"), [("refused", "pairing_refused"), ("forgotten", "pairing_expired")]
)
async def test_no_consent_and_tried_again(
    hass: HomeAssistant, service: StubService, answer: str, error: str
) -> None:
    step = await answered(hass, service, await asking(hass, service), answer)
    assert (step["step_id"], step["errors"]) == ("pair", {"base": error})
    step = await go_on(hass, step)
    assert step["type"] is FlowResultType.SHOW_PROGRESS
    done = await answered(hass, service, step, "allowed")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_nobody_answers(
    hass: HomeAssistant, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = await asking(hass, service)
    flow: Any = hass.config_entries.flow._progress[step["flow_id"]]
    with pytest.raises(pairing.PairingExpiredError):
        flow._pairing._expires = 0.05
        await flow._pairing.token()
    hass.config_entries.flow.async_abort(step["flow_id"])
    await eventually(lambda: service.pairing == {})


async def test_a_service_that_is_away_for_a_moment(hass: HomeAssistant, service: StubService) -> None:
    step = await asking(hass, service)
    await service.stop()
    await asyncio.sleep(0.1)
    await service.start()
    await answered(hass, service, step, "allowed")
    [entry] = hass.config_entries.async_entries("yulelight")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_older_service_asks_for_the_token(hass: HomeAssistant, service: StubService) -> None:
    step = await begin(hass, SOURCE_ZEROCONF, announced(service))
    service.refuse = "too many"
    step = await go_on(hass, step)
    assert step["errors"] == {"base": "no_pairing"}
    service.refuse = ""
    done = await go_on(hass, step, token=TOKEN)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_the_service_goes_before_it_is_asked(hass: HomeAssistant, service: StubService) -> None:
    step = await begin(hass, SOURCE_ZEROCONF, announced(service))
    await service.stop()
    step = await go_on(hass, step)
    assert step["errors"] == {"base": "cannot_connect"}


async def test_who_closes_the_dialogue_takes_the_request_back(
    hass: HomeAssistant, service: StubService
) -> None:
    step = await asking(hass, service)
    hass.config_entries.flow.async_abort(step["flow_id"])
    await eventually(lambda: service.pairing == {})


async def test_a_new_token_by_consent(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    service.token = "new"
    step = await loaded.start_reauth_flow(hass)
    assert step["step_id"] == "reauth_confirm"
    step = await go_on(hass, step)
    await answered(hass, service, step, "allowed")
    assert loaded.data["token"] == "new"
    await hass.async_block_till_done()


async def test_reconfigure_keeps_the_token_that_it_has(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    step = await loaded.start_reconfigure_flow(hass)
    done = await go_on(hass, step, host=f"127.0.0.1:{service.port}", port=8770)
    assert done["reason"] == "reconfigure_successful"
    assert loaded.data == {"host": "127.0.0.1", "port": service.port, "token": TOKEN}
    await hass.async_block_till_done()


async def test_a_service_that_is_there_already(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    done = await go_on(hass, await begin(hass, SOURCE_USER), host="127.0.0.1", port=service.port)
    assert done["reason"] == "already_configured"
    assert service.pairing == {}
