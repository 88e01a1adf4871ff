"""Repair flows."""

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import CONF_NATIVE_LIGHTS
from .contract.client import YulelightError
from .coordinator import YulelightConfigEntry
from .issues import lost_nodes


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Create a flow that describes the repair and carries it out. ``data``: see issues.py."""
    said = data or {}
    entry = hass.config_entries.async_get_entry(str(said.get("entry_id")))
    if entry is None:
        return ConfirmRepairFlow()
    return YulelightRepairFlow(entry, str(said["problem"]))


class YulelightRepairFlow(RepairsFlow):
    """Asks for confirmation, then repairs ``problem`` of ``entry``."""

    def __init__(self, entry: YulelightConfigEntry, problem: str) -> None:
        """Create the flow."""
        self._entry, self._problem = entry, problem

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Show the page."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Describe the repair; carry it out when confirmed."""
        placeholders: dict[str, str] = {"name": self._entry.title, **self._said()}
        if user_input is None:
            return self.async_show_form(step_id="confirm", description_placeholders=placeholders)
        if self._problem in SERVICE_REPAIRS:
            if not await SERVICE_REPAIRS[self._problem](self):
                return self.async_abort(reason="refused")
        else:
            options = {**self._entry.options, CONF_NATIVE_LIGHTS: True}
            self.hass.config_entries.async_update_entry(self._entry, options=options)
            self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
        return self.async_create_entry(data={})

    def _said(self) -> dict[str, str]:
        if self._entry.state is not ConfigEntryState.LOADED:
            return {}
        house = self._entry.runtime_data.data
        if self._problem == "node_lost":
            return {"nodes": ", ".join(lost_nodes(house))}
        if self._problem != "model_missing":
            return {}
        return {"model": house.status.model, "other": next(iter(house.models), "")}

    async def _forget_nodes(self) -> bool:
        try:
            coordinator = self._entry.runtime_data
            for node in lost_nodes(coordinator.data):
                await coordinator.client.request("DELETE", f"nodes/{node}")
        except YulelightError, AttributeError:
            return False
        return True

    async def _choose_model(self) -> bool:
        try:
            await self._entry.runtime_data.async_command("model", model=self._said()["other"])
        except YulelightError, KeyError:
            return False
        return True


SERVICE_REPAIRS = {
    "model_missing": YulelightRepairFlow._choose_model,  # noqa: SLF001
    "node_lost": YulelightRepairFlow._forget_nodes,  # noqa: SLF001
}
"""Repairs that need the service; others are done here."""
