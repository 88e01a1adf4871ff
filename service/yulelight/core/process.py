"""What a long-lived process asks of the system when it starts."""

import logging

OPEN_FILES = 8192
"""Files and connections that the service may have open; systemd and shells give 1,024 unless asked."""

_LOG = logging.getLogger(__name__)


def raise_file_limit(wanted: int = OPEN_FILES) -> int:
    """Raises the soft limit of open files towards ``wanted``, as far as the hard one lets; the limit after that."""
    try:
        import resource
    except ModuleNotFoundError:  # not a POSIX system: it has no such limit
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
