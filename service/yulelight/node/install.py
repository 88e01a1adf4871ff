"""`yulelight node install`: a sandboxed systemd unit that runs the node from boot on."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from yulelight.core import systemd

NAME = "yulelight-node.service"
PIGPIOD = Path("pigpiod.service.d/yulelight.conf")
WATCHDOG = 5
"""Seconds after which systemd ends a hung node; its own watchdog is faster."""

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
# What WLED devices showed before.
StateDirectory=yulelight-node
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


def pin_group() -> str:
    """The group with access to the pins; empty if there is none."""
    return "gpio" if systemd.has_group("gpio") else ""


def files(config: Path, user: str, group: str = "", python: str = sys.executable) -> dict[Path, str]:
    """The files for systemd's folder: the unit, and a drop-in that restarts pigpiod. ``config`` is absolute."""
    command = f"{systemd.quoted(python)} -m yulelight node"
    groups = f"SupplementaryGroups={group}\n" if group else ""
    unit = _UNIT.format(
        user=user,
        groups=groups,
        python=systemd.quoted(python),
        command=command,
        config=systemd.quoted(str(config)),
        watchdog=WATCHDOG,
    )
    return {Path(NAME): unit, PIGPIOD: _DROP_IN}


def install(
    written: Mapping[Path, str], folder: Path = systemd.FOLDER, systemctl: Sequence[str] = ("systemctl",)
) -> None:
    """Writes the files and starts the node, now and at every boot. Raises UsageError."""
    systemd.install(written, NAME, "node install", folder, systemctl)
