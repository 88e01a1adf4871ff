from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.pacer import Pacer

offers = st.lists(
    st.tuples(st.floats(0, 3), st.integers(1, 3), st.integers(0, 5), st.booleans()), max_size=60
)


@given(offers)
def test_the_last_value_is_always_said_and_show_values_never_too_often(
    steps: list[tuple[float, int, int, bool]],
) -> None:
    pacer: Pacer[int, int] = Pacer(1.0)
    now, said, urgent_since = 0.0, dict[int, tuple[float, int]](), set[int]()
    last: dict[int, int] = {}
    for wait, key, value, urgent in steps:
        now += wait
        pacer.offer(key, value, now, urgent=urgent)
        last[key] = value
        if urgent:
            urgent_since.add(key)
        for spoken, what in pacer.take(now):
            assert what == last[spoken]
            if spoken in said and spoken not in urgent_since:
                assert now - said[spoken][0] >= 1.0
                assert what != said[spoken][1]
            said[spoken] = (now, what)
            urgent_since.discard(spoken)
    for spoken, what in pacer.take(now + 1.0):
        said[spoken] = (now, what)
    assert {key: value for key, (_, value) in said.items()} == last
    assert pacer.next_time() is None


def test_urgent_at_once_others_in_time_unchanged_never() -> None:
    pacer: Pacer[str, int] = Pacer(1.0)
    pacer.offer("a", 1, 0.0)
    assert pacer.take(0.0) == [("a", 1)]
    pacer.offer("a", 2, 0.1)
    assert pacer.take(0.1) == []
    assert pacer.next_time() == 1.0
    pacer.offer("a", 3, 0.2, urgent=True)
    assert pacer.take(0.2) == [("a", 3)]
    pacer.offer("a", 4, 0.3)
    pacer.offer("a", 3, 0.4)
    assert pacer.next_time() is None
    pacer.repeat(0.5)
    assert pacer.take(0.5) == [("a", 3)]
