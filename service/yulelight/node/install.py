"""`yulelight node install`: a systemd unit that runs the node from boot on, alone with what it needs."""

import getpass
import grp
import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yulelight.core.errors import UsageError

FOLDER = Path("/etc/systemd/system")
NAME = "yulelight-node.service"
PIGPIOD = Path("pigpiod.service.d/yulelight.conf")
WATCHDOG = 5
"""Seconds without a sign of life after which systemd ends a hung node; its own watchdog is quicker."""

_DROP_IN = """\
# Written by `yulelight node install`. Should pigpiod fail, it is back before the lights are missed.
[Service]
Restart=always
RestartSec=1
"""

_UNIT = """\
# Written by `yulelight node install`; run it again after moving the program or node.toml.
[Unit]
Description=Yulelight light node
Wants=network-online.target pigpiod.service
After=network-online.target pigpiod.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={user}
{groups}RuntimeDirectory=yulelight
WorkingDirectory=/run/yulelight
ExecStart={python} -m yulelight.node --config {config}
# Whatever ended the node, and however: no light stays on.
ExecStopPost={command} off --config {config}
Restart=always
RestartSec=1
TimeoutStartSec=60
TimeoutStopSec=15
WatchdogSec={watchdog}
WatchdogSignal=SIGKILL
Nice=-10
MemoryMax=256M

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
DevicePolicy=closed
DeviceAllow=char-gpiochip rw
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
UMask=0077

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Who the node runs as."""

    name: str
    home: Path


def account(name: str | None = None) -> Account:
    """The account called ``name``; without it whoever called sudo, else whoever this is. Raises UsageError."""
    name = name or os.environ.get("SUDO_USER") or getpass.getuser()
    try:
        return Account(name, Path(pwd.getpwnam(name).pw_dir))
    except KeyError:
        raise UsageError(f"there is no user {name[:40]!r} here; name another with --user") from None


def pin_group() -> str:
    """The group that may use the pins; empty where there is none."""
    try:
        return grp.getgrnam("gpio").gr_name
    except KeyError:
        return ""


def files(config: Path, user: str, group: str = "", python: str = sys.executable) -> dict[Path, str]:
    """What belongs into systemd's folder: the unit, and that pigpiod starts again by itself. ``config`` is absolute."""
    command = f"{_quoted(python)} -m yulelight node"
    groups = f"SupplementaryGroups={group}\n" if group else ""
    unit = _UNIT.format(
        user=user,
        groups=groups,
        python=_quoted(python),
        command=command,
        config=_quoted(str(config)),
        watchdog=WATCHDOG,
    )
    return {Path(NAME): unit, PIGPIOD: _DROP_IN}


def install(
    written: dict[Path, str], folder: Path = FOLDER, systemctl: Sequence[str] = ("systemctl",)
) -> None:
    """Writes the files and starts the node, now and at every boot. Raises UsageError."""
    try:
        for name, text in written.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)
        for words in (("daemon-reload",), ("enable", "--now", NAME)):
            subprocess.run([*systemctl, *words], check=True, capture_output=True, text=True)
    except PermissionError:
        raise UsageError(f"only root may write to {folder}; say: sudo {program()} node install") from None
    except OSError as error:
        raise UsageError(f"this needs a machine with systemd ({error}); --print shows the unit") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split()) or f"status {error.returncode}"
        raise UsageError(f"systemd refused ({said}); see: systemctl status {NAME}") from None


def program() -> str:
    """This program as root finds it, whose path does not have our virtual environment."""
    own = Path(sys.executable).with_name("yulelight")
    return str(own) if own.exists() else f"{sys.executable} -m yulelight"


def _quoted(text: str) -> str:
    """One word of a systemd command line. Raises UsageError for a path that cannot be one."""
    if any(not character.isprintable() for character in text):
        raise UsageError(f"systemd cannot take the path {text!r}; move it to one with usual characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
