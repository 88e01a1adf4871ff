from hypothesis import given
from hypothesis import strategies as st

from yulelight.node.config import OutputConfig
from yulelight.node.outputs import Wiring, high_time

switches = st.lists(
    st.tuples(st.integers(0, 27), st.booleans()), min_size=1, max_size=12, unique_by=lambda s: s[0]
)


def relays(pins: list[tuple[int, bool]]) -> Wiring:
    return Wiring([OutputConfig(channel=1, pin=pin, active_low=low) for pin, low in pins])


@given(switches, st.data())
def test_steps_lead_from_any_state_to_any_other_and_turn_off_before_they_turn_on(
    pins: list[tuple[int, bool]], data: st.DataObject
) -> None:
    states = st.lists(st.booleans(), min_size=len(pins), max_size=len(pins))
    wiring = relays(pins)
    before, after = (wiring.lit(data.draw(states)) for _ in range(2))
    high = before ^ wiring.low
    lit = [before]
    for drives_high, mask in wiring.steps(before, after):
        assert mask and not mask & ~wiring.mask
        high = high | mask if drives_high else high & ~mask
        lit.append((high ^ wiring.low) & wiring.mask)
    assert lit[-1] == after
    # Never more at once than before or after: first only fewer, then only more.
    counts = [state.bit_count() for state in lit]
    lowest = counts.index(min(counts))
    assert counts == sorted(counts[: lowest + 1], reverse=True) + sorted(counts[lowest + 1 :])
    if len({low for _, low in pins}) == 1:
        assert len(lit) <= 3


@given(st.floats(1, 4), st.floats(0, 0.9), st.booleans())
def test_brightness_rises_with_the_level_from_dark_to_full(
    gamma: float, minimum: float, active_low: bool
) -> None:
    output = OutputConfig(
        channel=1, pin=1, type="dimmer", gamma=gamma, minimum=minimum, active_low=active_low
    )
    lit = [1 - share if active_low else share for share in high_time(output)]
    assert lit[0] == 0.0 and lit[255] == 1.0 and len(lit) == 256
    assert lit == sorted(lit)
    assert lit[1] >= minimum - 1e-9


def test_only_dimmers_dim_and_each_knows_its_place() -> None:
    wiring = Wiring(
        [
            OutputConfig(channel=1, pin=2),
            OutputConfig(channel=2, pin=18, type="dimmer"),
            OutputConfig(channel=3, pin=3, type="ssr"),
            OutputConfig(channel=4, pin=12, type="dimmer"),
            OutputConfig(channel=5, pin=13, type="dimmer"),
        ]
    )
    assert wiring.mask == 0b1100 and wiring.lit((False, True, True, True, True)) == 0b1000
    assert [(dimmer.index, dimmer.hardware) for dimmer in wiring.dimmers] == [
        (1, True),
        (3, False),
        (4, True),
    ]
    assert wiring.dimmers[0].duties(1000)[255] == 1000
