"""System limits that a long-running process sets when it starts."""

import logging

OPEN_FILES = 8192
"""Files and connections that the service may have open; systemd and shells allow 1,024 by default."""

_LOG = logging.getLogger(__name__)


def raise_file_limit(wanted: int = OPEN_FILES) -> int:
    """Raises the soft limit of open files to ``wanted`` or as far as the hard limit permits; returns the new
    limit.
    """
    try:
        import resource
    except ModuleNotFoundError:  # not on a POSIX system: there is no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    target = wanted if hard == unlimited else min(wanted, hard)
    if soft == unlimited or soft >= target:
        return int(soft)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
    except (OSError, ValueError) as error:
        _LOG.debug("the limit of open files stays at %d: %s", soft, error)
        return int(soft)
    return target
