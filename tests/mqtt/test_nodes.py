from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeHealth, NodeStatus

HERE = NodeStatus(True, "simulated", (1, 2, 3), "1.0")
GONE = NodeStatus(False, "simulated", (1, 2, 3), "1.0")


async def test_nodes_are_known_by_what_they_say() -> None:
    nodes = NodeRegistry(lambda: 7.0)
    with nodes.changes.subscribe() as changes:
        nodes.heard_health("porch", NodeHealth(shown=1))
        assert nodes.all == {}
        nodes.heard_status("porch", HERE)
        nodes.heard_health("porch", NodeHealth(shown=1))
        assert (await anext(changes)).health is None
        assert (await anext(changes)).health == NodeHealth(shown=1)
    assert nodes.all["porch"].status == HERE
    assert nodes.all["porch"].seen == 7.0
    nodes.heard_status("porch", GONE)
    assert nodes.all["porch"].health is None
    nodes.forget("porch")
    assert nodes.all == {}


def test_the_registry_is_bounded_and_prefers_who_is_here() -> None:
    time = iter(range(100))
    nodes = NodeRegistry(lambda: float(next(time)), limit=3)
    for name, status in (("a", HERE), ("b", GONE), ("c", GONE), ("d", HERE)):
        nodes.heard_status(name, status)
    assert set(nodes.all) == {"a", "c", "d"}
    nodes.heard_status("e", HERE)
    nodes.heard_status("f", HERE)
    assert set(nodes.all) == {"a", "d", "e"}


def test_the_report_says_what_is_wrong() -> None:
    now = 0.0
    nodes = NodeRegistry(lambda: now)
    nodes.heard_status("porch", HERE)

    def problem() -> str:
        (node,) = nodes.report()
        assert node["healthy"] is (node["problem"] == "")
        return str(node["problem"])

    assert problem() == ""
    nodes.heard_health("porch", NodeHealth(driver_works=False))
    assert "control" in problem()
    nodes.heard_health("porch", NodeHealth(error_p99_us=31_000))
    assert "31 ms" in problem()
    nodes.heard_health("porch", NodeHealth(shown=3, error_p99_us=900))
    assert problem() == ""
    now = 20.0
    assert "20 s" in problem()
    nodes.heard_status("porch", GONE)
    (node,) = nodes.report()
    assert (node["online"], node["health"], node["status"]["channels"]) == (False, None, (1, 2, 3))


def test_only_who_is_gone_is_dismissed() -> None:
    now = [0.0]
    nodes = NodeRegistry(lambda: now[0])
    with nodes.dismissed.subscribe():
        nodes.heard_status("porch", HERE)
        assert not nodes.dismiss("porch") and not nodes.dismiss("roof")
        now[0] = 16.0
        assert nodes.dismiss("porch"), "it is silent"
        nodes.heard_status("porch", GONE)
        assert nodes.dismiss("porch")
        assert nodes.all == {} and nodes.dismissed.latest == "porch"
