"""The actor kernel: state that one task owns, messages in a bounded mailbox, and a supervisor that restarts.

Knows nothing of music or lights, and needs nothing but the standard library.
"""

from .actor import Actor
from .broadcast import Broadcast, Subscription
from .errors import ActorStopped, AskTimeout, MailboxFull, RestartLimit
from .mailbox import Mailbox, MailboxClosed, Overflow
from .ref import Ref
from .restarts import Backoff, Intensity
from .supervisor import Supervisor

__all__ = [
    "Actor",
    "ActorStopped",
    "AskTimeout",
    "Backoff",
    "Broadcast",
    "Intensity",
    "Mailbox",
    "MailboxClosed",
    "MailboxFull",
    "Overflow",
    "Ref",
    "RestartLimit",
    "Subscription",
    "Supervisor",
]
