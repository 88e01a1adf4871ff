"""`yulelight install`: a systemd unit that runs the service from boot on, with access to what it needs alone."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from yulelight.app.settings import Settings
from yulelight.core.errors import UsageError
from yulelight.core.systemd import Account, path_in_unit, quoted

NAME = "yulelight.service"

_UNIT = """\
# Written by `yulelight install`; run it again after moving the program, the settings or the data.
[Unit]
Description=Yulelight show service
Wants=network-online.target
After=network-online.target sound.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
{groups}WorkingDirectory=/
# Where the sound server of the user's session listens, if there is a session.
Environment=XDG_RUNTIME_DIR=/run/user/{uid}
ExecStart={python} -m yulelight serve {arguments}
Restart=always
RestartSec=3
TimeoutStopSec=20
# When memory is short, the renderer of shows goes and not the service.
MemoryHigh=60%
MemoryMax=80%
OOMPolicy=continue
LimitNOFILE=8192
# Lights are on time also while other programs are busy; rendering gets what is left all the same.
Nice=-5
TasksMax=256

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
{writable}PrivateTmp=yes
PrivateMounts=yes
PrivateUsers=yes
ProtectProc=invisible
ProcSubset=all
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
DevicePolicy=closed
DeviceAllow=char-alsa rw
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
# No MemoryDenyWriteExecute: the sound card calls into Python by code that is made for it (cffi).
SystemCallArchitectures=native
# Rendering runs at the lowest priority, which is one of @resources.
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0077

[Install]
WantedBy=multi-user.target
"""


def unit(
    account: Account,
    arguments: Sequence[str],
    writable: Iterable[Path],
    *,
    audio: bool = False,
    python: str = sys.executable,
) -> dict[Path, str]:
    """The unit's file. Raises UsageError for paths that systemd cannot take.

    ``arguments``: those of `yulelight serve`; ``writable``: folders it writes to; ``audio``: whether there is a group
    of that name, which may use the sound cards.
    """
    text = _UNIT.format(
        user=account.name,
        groups="SupplementaryGroups=audio\n" if audio else "",
        uid=account.uid,
        python=quoted(python),
        arguments=" ".join(map(quoted, arguments)),
        writable="".join(f"ReadWritePaths={path_in_unit(path)}\n" for path in writable),
    )
    return {Path(NAME): text}


def folders(settings: Settings) -> list[Path]:
    """The folders to which a service with ``settings`` writes."""
    named = [settings.data, settings.playlists, settings.schedule and settings.schedule.parent]
    return list(dict.fromkeys(folder.absolute() for folder in named if folder is not None))


def prepare(paths: Iterable[Path], account: Account) -> None:
    """Makes the folders that are not there, the account's own: systemd grants access to none that is not there."""
    for path in paths:
        missing = [place for place in (path, *path.parents) if not place.exists()]
        try:
            for place in reversed(missing):
                place.mkdir(mode=0o700)
                os.chown(place, account.uid, account.gid)
        except OSError as error:
            raise UsageError(
                f"cannot make {path}: {error.strerror}; choose another folder with --data"
            ) from error
