"""What is worked out once of the lights of a house."""

import pytest

from yulelight.safety.limits import Light, Limits


@pytest.mark.parametrize("channels", [(), (0,), (9,), (1, 9)])
def test_lights_have_channels(channels: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="channels from 1 to 8"):
        Limits(tuple(Light(channel=n) for n in channels), 8)


def test_a_channel_switches_as_slowly_as_its_slowest_light() -> None:
    lights = (
        Light(channel=1, kind="relay", min_on=0.3, min_off=0.1),
        Light(channel=1, kind="relay", min_on=0.2, min_off=0.5),
        Light(channel=2, kind="dimmer", min_on=9.0, min_off=9.0),
    )
    assert Limits(lights, 3).times == ((0.3, 0.5), (0.0, 0.0), (0.0, 0.0))


def test_what_is_switched_and_what_is_known() -> None:
    lights = (
        Light(channel=1, kind="relay"),
        Light(channel=1, kind="ssr"),
        Light(channel=2, kind="relay"),
        Light(channel=2, kind="dimmer"),
        Light(channel=3),
    )
    limits = Limits(lights, 4)
    assert [limits.switched(channel) for channel in (1, 2, 3, 4)] == [True, False, False, False]
    assert not limits.known
    assert Limits(lights[:4], 4).known
