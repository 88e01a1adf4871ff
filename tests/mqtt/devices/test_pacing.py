"""Frames for devices on a broker: no more than they take, the newest one at last, darkness at once."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.devices.device import Device, Message, Shown
from yulelight.mqtt.devices.pacing import Pacing

Frame = tuple[bytes, tuple[bool, ...]]


class Lamp:
    """A device with one light, that tells the state in its command."""

    topics: Sequence[str] = ()
    problem = ""

    def __init__(self, place: int, *, radio: bool = False, renew: float | None = None) -> None:
        self.places, self.radio, self.renew = (place,), radio, renew
        self.known = True

    def hear(self, topic: str, payload: bytes) -> None:
        pass

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        (place,) = self.places
        return Message("t", json.dumps([levels[place], on[place]]).encode()) if self.known else None

    def dark(self) -> Message | None:
        return Message("t", b"dark")

    @property
    def shown(self) -> Mapping[int, Shown]:
        return {}

    def ask(self) -> Message | None:
        return None

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        return None


def frame(*levels: int) -> Frame:
    return bytes(levels), tuple(level > 0 for level in levels)


def played(
    pacing: Pacing, frames: Sequence[tuple[float, Frame]], until: float
) -> list[tuple[float, Device, list[Any]]]:
    """What is sent when ``frames`` come at these times, as the driver would ask."""
    sent: list[tuple[float, Device, list[Any]]] = []
    now, wanted = 0.0, frame(*[0] * 3)
    coming = list(frames)
    while now <= until:
        while coming and coming[0][0] <= now:
            wanted = coming.pop(0)[1]
        sent += [(now, device, json.loads(message.payload)) for device, message in pacing.step(wanted, now)]
        due = pacing.next_step(wanted, now)
        times = [time for time in (due, coming[0][0] if coming else None) if time is not None]
        if not times:
            break
        now = max(now + 1e-6, min(times))
    return sent


FRAMES = st.lists(
    st.tuples(st.floats(0, 20), st.builds(frame, *[st.sampled_from([0, 80, 255])] * 3)),
    min_size=1,
    max_size=60,
).map(lambda found: sorted(found, key=lambda one: one[0]))


@given(FRAMES, st.sampled_from([0.5, 1.0, 4.0]))
def test_frames_are_no_more_than_allowed_and_the_last_one_arrives(
    frames: list[tuple[float, Frame]], rate: float
) -> None:
    lamps = [Lamp(place) for place in range(3)]
    sent = played(Pacing(lamps, 3, rate), frames, 100.0)
    shown: dict[Device, list[Any]] = {lamp: [0, False] for lamp in lamps}
    lit_at = float("-inf")
    for now, lamp, state in sent:
        shown[lamp] = state
        if state[0]:
            # All that is lit belongs to one frame, and the next one comes a whole pause later.
            assert now == lit_at or now - lit_at > 1 / rate - 1e-6
            lit_at = now
    assert [shown[lamp][0] for lamp in lamps] == list(frames[-1][1][0])


@given(FRAMES)
def test_zigbee_gets_five_commands_a_second_over_time(frames: list[tuple[float, Frame]]) -> None:
    lamps = [Lamp(0, radio=True), Lamp(1, radio=True), Lamp(2)]
    sent = [(now, state) for now, lamp, state in played(Pacing(lamps, 3, 4.0), frames, 100.0) if lamp.radio]
    lit = [now for now, state in sent if state[0]]
    for first in lit:
        for last in lit:
            if last > first:
                assert sum(first <= now <= last for now in lit) <= 2 + 5 * (last - first) + 1e-6


@given(FRAMES, st.floats(0, 20))
def test_darkness_never_waits(frames: list[tuple[float, Frame]], at: float) -> None:
    lamps = [Lamp(0, radio=True), Lamp(1), Lamp(2)]
    before = [one for one in frames if one[0] < at]
    sent = played(Pacing(lamps, 3, 1.0), [*before, (at, frame(0, 0, 0))], 100.0)
    assert not [state for now, _, state in sent if now > at and state[0]]
    shown = {lamp: state for _, lamp, state in sent}
    assert not any(state[0] for state in shown.values())


def test_lights_that_expire_are_renewed_while_they_are_on() -> None:
    lamp = Lamp(1, renew=1.0)
    pacing = Pacing([lamp, Lamp(0)], 2, 4.0)
    sent = played(pacing, [(0.0, frame(255, 255)), (5.5, frame(255, 0))], 60.0)
    mine = [now for now, device, _ in sent if device is lamp]
    assert [round(now, 3) for now in mine] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5]


def test_who_was_unknown_or_forgotten_is_told() -> None:
    lamp = Lamp(0)
    lamp.known = False
    pacing = Pacing([lamp], 1, 4.0)
    assert pacing.step(frame(255), 0.0) == []
    assert pacing.next_step(frame(255), 0.0) is not None
    lamp.known = True
    assert len(pacing.step(frame(255), 0.1)) == 1
    assert pacing.step(frame(255), 0.2) == [] and pacing.next_step(frame(255), 0.2) is None
    pacing.forget(lamp)
    assert len(pacing.step(frame(255), 0.3)) == 1
