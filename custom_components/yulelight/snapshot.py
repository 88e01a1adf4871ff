"""Captures the state of a light as the action that restores it. Pure."""

from typing import Any

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_MODE,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_EFFECT,
    ATTR_HS_COLOR,
    ATTR_RGBW_COLOR,
    ATTR_RGBWW_COLOR,
    ATTR_XY_COLOR,
    ColorMode,
)
from homeassistant.const import STATE_ON
from homeassistant.core import State

COLOURS = {
    ColorMode.COLOR_TEMP: ATTR_COLOR_TEMP_KELVIN,
    ColorMode.HS: ATTR_HS_COLOR,
    ColorMode.XY: ATTR_XY_COLOR,
    ColorMode.RGB: ATTR_HS_COLOR,
    ColorMode.RGBW: ATTR_RGBW_COLOR,
    ColorMode.RGBWW: ATTR_RGBWW_COLOR,
}


def snapshot(state: State) -> dict[str, Any]:
    """The state of a light as the data of the action that restores it."""
    if state.state != STATE_ON:
        return {"on": False, "data": {}}
    data = {key: state.attributes.get(key) for key in (ATTR_BRIGHTNESS, ATTR_EFFECT)}
    colour = COLOURS.get(state.attributes.get(ATTR_COLOR_MODE, ""))
    if colour and not data[ATTR_EFFECT]:
        data[colour] = state.attributes.get(colour)
    return {"on": True, "data": {key: value for key, value in data.items() if value is not None}}
