"""Counters of the service for Prometheus, in a registry of their own: two services can share a process."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class Metrics:
    """Everything ``/metrics`` shows. Give one to each service and pass it to who counts."""

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
        """Show ``dropped()``, a number that only grows, as the messages ``actor``'s mailbox has dropped."""
        self._actors.dropped[actor] = dropped

    def watch_restarts(self, restarts: Callable[[], Mapping[str, int]]) -> None:
        """Show ``restarts()``, by actor, such as ``Supervisor.restarts``."""
        self._actors.restarts.append(restarts)

    def text(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self.registry)


class _Actors(Collector):
    """Reads what the actor kernel counts when Prometheus asks, so that counting costs nothing."""

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
