"""Prometheus metrics of the service, in a registry of their own, so that two services can share a process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, ClassVar

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from yulelight.library.librarian import LibraryState
from yulelight.outputs.stats import HISTOGRAM

_COUNTS = {
    "shown": "Frames shown",
    "late": "Frames that came too late",
    "dropped": "Frames overtaken before they were shown, or too far ahead",
    "limited": "Frames that the node's own limits changed",
    "stale": "Packets of the past",
    "bad": "Messages that did not parse",
    "driver_errors": "Failures of the hardware",
}
_GAUGES = {
    "offset_us": ("offset_seconds", "Service clock minus node clock", 1e-6),
    "uncertainty_us": ("uncertainty_seconds", "How exactly the node knows the service's clock", 1e-6),
    "rtt_us": ("round_trip_seconds", "Fastest round trip between node and service", 1e-6),
    "drift_ppm": ("drift_ratio", "How much faster the service's clock runs", 1e-6),
}


class Metrics:
    """Everything that ``/metrics`` returns. One instance per service, passed to whatever counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.packets = Counter("yulelight_packets", "Light packets published", registry=self.registry)
        self.frames = Counter("yulelight_frames", "Light frames in them", registry=self.registry)
        self.frames_late = Counter(
            "yulelight_frames_late", "Light frames published after their moment", registry=self.registry
        )
        self.http_requests = Counter(
            "yulelight_http_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self._actors = _Actors()
        self.registry.register(self._actors)

    def watch_mailbox(self, actor: str, dropped: Callable[[], int]) -> None:
        """Export ``dropped()``, which must never decrease, as the number of messages dropped from the mailbox of
        ``actor``.
        """
        self._actors.dropped[actor] = dropped

    def watch_restarts(self, restarts: Callable[[], Mapping[str, int]]) -> None:
        """Export ``restarts()``, by actor, such as ``Supervisor.restarts``."""
        self._actors.restarts.append(restarts)

    def watch_nodes(self, report: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        """Export ``report()``, the light nodes as returned by ``NodeRegistry.report``."""
        self.registry.register(_Nodes(report))

    def watch_library(self, state: Callable[[], LibraryState | None]) -> None:
        """Export ``state()``, the state of the library as published by the librarian."""
        self.registry.register(_Library(state))

    def text(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self.registry)


class _Actors(Collector):
    """Reads the counters of the actor kernel when Prometheus asks, so that counting costs nothing."""

    def __init__(self) -> None:
        self.dropped: dict[str, Callable[[], int]] = {}
        self.restarts: list[Callable[[], Mapping[str, int]]] = []

    def collect(self) -> Iterable[Metric]:
        dropped = CounterMetricFamily(
            "yulelight_mailbox_dropped", "Messages dropped from full mailboxes", labels=["actor"]
        )
        for actor, read in sorted(self.dropped.items()):
            dropped.add_metric([actor], read())
        restarts = CounterMetricFamily("yulelight_restarts", "Actors restarted", labels=["actor"])
        for counts in self.restarts:
            for actor, count in sorted(counts().items()):
                restarts.add_metric([actor], count)
        yield from (dropped, restarts)


class _Library(Collector):
    """Metrics of the songs and their shows."""

    _GAUGES: ClassVar = {
        "songs": "Songs in the library",
        "rendered": "Songs whose show is kept",
        "waiting": "Songs that wait to be rendered",
        "paused": "Whether rendering in the background is paused",
        "scanning": "Whether songs are being looked for",
        "cache_bytes": "Size of the kept shows",
        "cache_limit": "Size the kept shows may have",
    }

    def __init__(self, state: Callable[[], LibraryState | None]) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        state = self._state()
        for name, text in self._GAUGES.items() if state else ():
            yield GaugeMetricFamily(f"yulelight_library_{name}", text, float(getattr(state, name)))


class _Nodes(Collector):
    """Metrics that the light nodes report about themselves."""

    def __init__(self, report: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        self._report = report

    def collect(self) -> Iterable[Metric]:
        nodes = self._report()
        for key, text in (("online", "Whether the node is there"), ("healthy", "Whether the node is well")):
            gauge = GaugeMetricFamily(f"yulelight_node_{key}", text, labels=["node"])
            for node in nodes:
                gauge.add_metric([node["id"]], float(node[key]))
            yield gauge
        known = [(node["id"], node["health"]) for node in nodes if node["health"]]
        for key, text in _COUNTS.items():
            counter = CounterMetricFamily(f"yulelight_node_{key}", text, labels=["node"])
            for name, health in known:
                counter.add_metric([name], health[key])
            yield counter
        for key, (called, text, unit) in _GAUGES.items():
            gauge = GaugeMetricFamily(f"yulelight_node_{called}", text, labels=["node"])
            for name, health in known:
                gauge.add_metric([name], health[key] * unit)
            yield gauge
        yield self._errors(known)

    def _errors(self, known: Sequence[tuple[str, Mapping[str, Any]]]) -> Metric:
        errors = HistogramMetricFamily(
            "yulelight_node_timing_error_seconds",
            "How far from their moment frames were shown",
            labels=["node"],
        )
        bounds = [str(bound / 1e6) for bound in HISTOGRAM] + ["+Inf"]
        for name, health in known:
            if counts := health["error_histogram"]:
                errors.add_metric([name], list(zip(bounds, accumulate(counts), strict=True)), sum_value=None)
        return errors
