"""Home Assistant in the test's own loop, with the integration, and a service that the test controls."""

from collections.abc import AsyncIterator

import pytest
from custom_components.yulelight.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import TOKEN, StubService


@pytest.fixture(autouse=True)
def _ours(enable_custom_integrations: None, socket_enabled: None) -> None:
    """The integration may be loaded, and the loopback used."""


@pytest.fixture
async def service() -> AsyncIterator[StubService]:
    async with StubService() as stub:
        yield stub


@pytest.fixture
def entry(service: StubService) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title="Our house",
        unique_id="ab12",
        data={CONF_HOST: "127.0.0.1", CONF_PORT: service.port, CONF_TOKEN: TOKEN},
    )


@pytest.fixture
async def loaded(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> AsyncIterator[MockConfigEntry]:
    """The entry, set up and connected."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
