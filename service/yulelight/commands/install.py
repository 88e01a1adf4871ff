"""`yulelight install`: installs and starts a systemd unit for the given options."""

import os
from collections.abc import Mapping
from pathlib import Path

import typer

from yulelight.app.addresses import in_url, interfaces, reachable
from yulelight.app.install import NAME, folders, prepare, unit
from yulelight.app.music import music_of
from yulelight.app.settings import Settings, load
from yulelight.core import systemd
from yulelight.core.errors import UsageError
from yulelight.core.network import own_address

_SETTINGS = "yulelight.toml"


def install_service(
    config: Path | None,
    data: Path | None,
    music: list[Path],
    user: str | None,
    show: bool,
    **ports: int | None,
) -> None:
    """Writes and starts the unit, or prints it. Raises UsageError.

    ``ports``: "http_port" and "mqtt_port".
    """
    account = systemd.account(user)
    if config is None and Path(_SETTINGS).is_file():
        config = Path(_SETTINGS)
    named = {"http__port": ports["http_port"], "mqtt__port": ports["mqtt_port"]}
    settings = load(config, data=data, music=music or None, **named)
    if data is None and "data" not in settings.model_fields_set:
        # The service must not use root's home.
        settings = settings.model_copy(update={"data": account.home / ".local" / "share" / "yulelight"})
    written = unit(
        account,
        _arguments(settings, config, music, ports),
        writable := folders(settings),
        audio=systemd.has_group("audio"),
    )
    if show:
        for name, text in written.items():
            typer.echo(f"# {systemd.FOLDER / name}\n{text}")
        return
    if os.geteuid() != 0:
        raise UsageError(f"only root may write to {systemd.FOLDER}; say: sudo {systemd.program()} install")
    prepare(writable, account)
    systemd.install(written, NAME, "install")
    typer.echo("The service runs, now and after every start of this machine.")
    for address in reachable(settings.http.host, interfaces(), own_address()):
        typer.echo(f"the page: http://{in_url(address)}:{settings.http.port}/ (`yulelight token` opens it)")
    typer.echo(f"what it says: journalctl -u {NAME}")


def _arguments(
    settings: Settings, config: Path | None, music: list[Path], ports: Mapping[str, int | None]
) -> list[str]:
    """The options of `yulelight serve` that are not in the settings file."""
    arguments = ["--data", str(settings.data.absolute())]
    if config is not None:
        arguments += ["--config", str(config.absolute())]
    if not settings.music or music:
        for path in music or music_of(settings):
            arguments += ["--music", str(path.absolute())]
    for option, port in ports.items():
        if port is not None:
            arguments += [f"--{option.replace('_', '-')}", str(port)]
    return arguments
