"""Which frames the devices on a broker get, and when. Pure: times are arguments, in seconds.

Relays wear out, and lights on Wi-Fi and Zigbee are slow: so they get at most ``rate`` frames per second, the newest one
at that moment. All lights of an output get the same frames, so they flash no more often than the frames before them,
which the limits have seen. Commands over Zigbee delay the next frame until the network can have sent them. Darkness
never waits.
"""

from collections.abc import Sequence

from yulelight.mqtt.devices.device import Device, Message
from yulelight.safety.frame import LightFrame

ZIGBEE_RATE = 5.0
"""Commands per second that a Zigbee network takes (Koenkk/zigbee2mqtt#1094)."""
UNKNOWN = 0.5
"""Seconds after which devices that are not known yet are tried again."""


class Pacing:
    """The commands for ``devices``, which have ``count`` lights together."""

    def __init__(self, devices: Sequence[Device], count: int, rate: float) -> None:
        self._devices = tuple(devices)
        self._pause = 1 / rate
        self._frame: LightFrame = bytes(count), (False,) * count
        self._chosen_at = self._radio_until = float("-inf")
        self._sent: dict[Device, tuple[Message, float]] = {}
        self._new = True
        """Whether ``_frame`` has not been told to all devices yet."""

    def step(self, wanted: LightFrame, now: float) -> list[tuple[Device, Message]]:
        """The commands to be sent at ``now`` so that the lights show ``wanted``."""
        if wanted != self._frame and (now >= self._allowed or is_dark(wanted)):
            self._frame, self._new, self._chosen_at = wanted, True, now
        told = []
        complete = True
        for device in self._devices:
            renewed = self._renewed_at(device) <= now
            if not self._new and not renewed:
                continue
            message = self._command(device)
            if message is None:
                complete = False
            elif renewed or device not in self._sent or self._sent[device][0] != message:
                told.append((device, message))
                self._sent[device] = message, now
        self._new = self._new and not complete
        over_radio = sum(device.radio for device, _ in told)
        self._radio_until = max(self._radio_until, now) + over_radio / ZIGBEE_RATE
        return told

    def next_step(self, wanted: LightFrame, now: float) -> float | None:
        """When ``step`` has to be called again although nothing changes; None if it need not."""
        times = [self._renewed_at(device) for device in self._devices]
        if wanted != self._frame:
            times.append(self._allowed)
        if self._new:
            times.append(now + UNKNOWN)
        soonest = min(times, default=_NEVER)
        return None if soonest == _NEVER else soonest

    def forget(self, device: Device | None = None) -> None:
        """Somebody else has set the lights of ``device``, or of all: they must be told again."""
        for one in self._devices if device is None else (device,):
            self._sent.pop(one, None)
        self._new = True

    @property
    def _allowed(self) -> float:
        """When the next frame may be chosen."""
        return max(self._chosen_at + self._pause, self._radio_until)

    def _command(self, device: Device) -> Message | None:
        return device.show(*self._frame, 0.0 if is_dark(self._frame) else self._pause)

    def _renewed_at(self, device: Device) -> float:
        """When the light of ``device`` has to be told again that it is on."""
        if device.renew is None or device not in self._sent:
            return _NEVER
        levels, on = self._frame
        lit = any(levels[place] or on[place] for place in device.places)
        return self._sent[device][1] + device.renew if lit else _NEVER


_NEVER = float("inf")


def is_dark(frame: LightFrame) -> bool:
    """Whether all lights are off."""
    return not any(frame[0]) and not any(frame[1])
