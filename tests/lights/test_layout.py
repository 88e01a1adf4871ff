"""The description of the house: nodes know what hangs on them, settings know loads, and nobody is counted twice."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.lights.layout import Layout, layout
from yulelight.safety.physics import Light

UNKNOWN = [Light(channel=n) for n in range(1, 9)]


def test_without_nodes_the_house_is_what_the_settings_say() -> None:
    assert layout(UNKNOWN, {}) == tuple(UNKNOWN)


def test_a_node_says_what_hangs_on_its_channels() -> None:
    relay, dimmer = Light(channel=1, kind="relay", load=60), Light(channel=2, kind="dimmer", minimum=0.2)
    found = layout(UNKNOWN, {"porch": [relay, dimmer]})
    assert found[0] == Light(channel=1, kind="relay", load=60, node="porch")
    assert found[1] == Light(channel=2, kind="dimmer", minimum=0.2, node="porch")
    assert found[2:] == tuple(UNKNOWN[2:])


def test_an_early_node_leaves_the_kind_to_the_settings() -> None:
    known = [Light(channel=1, kind="relay"), *UNKNOWN[1:]]
    found = layout(known, {"porch": [Light(channel=1), Light(channel=2)]})
    assert [(light.kind, light.node) for light in found[:2]] == [("relay", "porch"), (None, "porch")]


def test_a_load_that_the_settings_name_is_shared_by_the_lights_of_its_channel() -> None:
    known = [Light(channel=1, load=90.0), *UNKNOWN[1:]]
    told = {"porch": [Light(channel=1, load=1.0)], "shed": [Light(channel=1, load=2.0)]}
    assert [light.load for light in layout(known, told, weighed={1})[:2]] == [30.0, 60.0]
    assert [light.load for light in layout(known, told)[:2]] == [1.0, 2.0]


def test_channels_of_a_node_that_is_away_are_dark() -> None:
    found = layout(UNKNOWN, {"porch": [Light(channel=1)]}, away={1, 2, 3})
    assert [light.channel for light in found] == [1, 4, 5, 6, 7, 8]


def test_channels_that_the_house_does_not_have_are_left_out() -> None:
    assert layout(UNKNOWN, {"porch": [Light(channel=40)]}) == tuple(UNKNOWN)


def test_there_is_an_end_to_what_is_told() -> None:
    many = {f"node-{n}": [Light(channel=c, kind="relay", load=2) for c in range(1, 9)] * 8 for n in range(64)}
    found = layout(UNKNOWN, many)
    assert [light.channel for light in found] == list(range(1, 9))  # no channel is forgotten
    assert [light.load for light in found] == [2 * 8 * 64] * 8
    odd = {"node": [Light(channel=1, gamma=1 + n / 1000) for n in range(999)]}
    assert len(layout(UNKNOWN, odd)) == 256


lights = st.builds(
    Light,
    channel=st.integers(1, 8),
    kind=st.sampled_from(["relay", "dimmer", None]),
    load=st.sampled_from([1.0, 40.0]),
)
news = st.tuples(
    st.dictionaries(st.sampled_from(["porch", "shed"]), st.lists(lights, max_size=3)),
    st.sets(st.integers(1, 8)),
)


@given(st.lists(news, max_size=6))
def test_what_is_remembered_is_what_would_be_computed(
    said: list[tuple[dict[str, list[Light]], set[int]]],
) -> None:
    known = Layout(UNKNOWN, {1})
    for told, away in [*said, *said[-1:]]:
        assert known.lights(told, away) == layout(UNKNOWN, told, away=away, weighed={1})
