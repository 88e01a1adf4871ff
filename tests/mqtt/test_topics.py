import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import UsageError
from yulelight.mqtt.topics import Incoming, Topics, all_statuses, check_id, is_id, service_of_status

ids = st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True)


def test_the_topics_are_those_of_the_contract() -> None:
    topics = Topics("ab12")
    assert topics.status == "yulelight/ab12/status"
    assert topics.instance == "yulelight/ab12/instance"
    assert topics.frames == "yulelight/ab12/frames"
    assert topics.channel_state(3) == "yulelight/ab12/channel/3/state"
    assert topics.channel_set("+") == "yulelight/ab12/channel/+/set"
    assert topics.node_status("porch") == "yulelight/ab12/node/porch/status"
    assert topics.clock_pong("porch") == "yulelight/ab12/clock/porch/pong"
    assert all_statuses() == "yulelight/+/status"


@given(ids, ids, st.integers(1, 8))
def test_what_others_send_is_understood(service: str, node: str, channel: int) -> None:
    topics = Topics(service)
    assert topics.parse(topics.channel_set(channel)) == Incoming("set", channel=channel)
    assert topics.parse(topics.clock_ping(node)) == Incoming("ping", node)
    assert topics.pinged_by(topics.clock_ping(node)) == node
    assert topics.pinged_by(topics.clock_pong(node)) is None
    assert topics.parse(topics.node_status(node)) == Incoming("node_status", node)
    assert topics.parse(topics.node_health(node)) == Incoming("node_health", node)
    assert service_of_status(topics.status) == service


@given(st.text(max_size=300))
def test_any_other_topic_is_nothing(text: str) -> None:
    topics = Topics("ab12")
    for topic in (text, f"yulelight/ab12/{text}", f"yulelight/ab12/channel/{text}/set"):
        parsed = topics.parse(topic)
        assert topics.pinged_by(topic) == (parsed.id if parsed and parsed.kind == "ping" else None)
        assert (
            parsed is None
            or parsed.kind in ("status", "instance")
            or (parsed.kind == "set" and 1 <= parsed.channel <= 8)
            or is_id(parsed.id)
        )


@pytest.mark.parametrize(
    "topic",
    ["channel/0/set", "channel/9/set", "channel/01/set", "channel/+/set", "node/A/status", "node//health"],
)
def test_ids_and_channels_outside_their_range_are_nothing(topic: str) -> None:
    assert Topics("ab12").parse(f"yulelight/ab12/{topic}") is None


@pytest.mark.parametrize("text", ["", "a" * 65, "Porch", "a/b", "+", "#", "ü", "a\n"])
def test_a_bad_id_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match="no node id"):
        check_id(text, "node id")
    with pytest.raises(UsageError):
        Topics(text)
