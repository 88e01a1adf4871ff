"""Whether the calendar of this service rests, because the service that it stands in for is there."""

from collections.abc import Callable

from yulelight.actors import Broadcast
from yulelight.inputs.manager import InputReport

GONE = 4.0
"""Seconds for which the other service has to be away before the calendar stands in: a restart of its broker is no
reason to start a show.
"""


class Rest:
    """Called, it says so; to be asked about once a second. ``reports``: of all inputs, whenever one changes."""

    def __init__(
        self,
        waits: bool,
        reports: Broadcast[tuple[InputReport, ...]],
        clock: Callable[[], float],
    ) -> None:
        self._waits, self._reports, self._clock = waits, reports, clock
        self._seen = clock()

    def __call__(self) -> bool:
        if not self._waits:
            return False
        now, reports = self._clock(), self._reports.latest or ()
        if any(each.before_calendar and not each.muted and each.state != "away" for each in reports):
            self._seen = now
        return now - self._seen < GONE
