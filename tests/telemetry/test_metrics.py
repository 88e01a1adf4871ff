from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeHealth, NodeStatus
from yulelight.telemetry.metrics import Metrics


def test_light_nodes_are_shown_with_what_they_report() -> None:
    nodes, metrics = NodeRegistry(lambda: 1.0), Metrics()
    metrics.watch_nodes(nodes.report)
    assert b"yulelight_node_online{" not in metrics.text()
    nodes.heard_status("porch", NodeStatus(True, "pigpio", (1, 2), "1.0"))
    nodes.heard_status("shed", NodeStatus(False, "pigpio", (3,), "1.0"))
    nodes.heard_health(
        "porch", NodeHealth(shown=9, late=2, offset_us=-1500, error_histogram=(5, 3, 0, 0, 0, 0, 0, 0, 0, 1))
    )
    text = metrics.text().decode()
    for line in (
        'yulelight_node_online{node="porch"} 1.0',
        'yulelight_node_healthy{node="shed"} 0.0',
        'yulelight_node_shown_total{node="porch"} 9.0',
        'yulelight_node_late_total{node="porch"} 2.0',
        'yulelight_node_offset_seconds{node="porch"} -0.0015',
        'yulelight_node_timing_error_seconds_bucket{le="0.0005",node="porch"} 8.0',
        'yulelight_node_timing_error_seconds_bucket{le="+Inf",node="porch"} 9.0',
    ):
        assert line in text
