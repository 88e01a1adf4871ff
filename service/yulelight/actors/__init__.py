"""The actor kernel: each actor owns its state and one task, has a bounded mailbox, and is restarted by a supervisor.

It knows nothing about music or lights and depends only on the standard library.
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
