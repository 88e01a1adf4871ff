"""The commands that start and stop a show of the running service."""

from typing import Annotated, Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import CommandError, UsageError
from yulelight.core.text import folded
from yulelight.core.web_address import is_web_address

MAX_SHOWN = 5
"""Songs that are named where several fit."""


def play(
    what: Annotated[
        str | None,
        typer.Argument(
            help="A song or radio station at a web address (a stream, .pls, .m3u or .m3u8), or the name of a "
            "station, a playlist or a song.",
            show_default="what was interrupted, the queue, or all songs",
        ),
    ] = None,
    look: Annotated[str | None, typer.Option(help="Look of this show.", show_default="the house's")] = None,
    queue: Annotated[bool, typer.Option("--queue", help="After what plays now.")] = False,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Let the running service play a song, a playlist or a radio station.

    A station is heard where songs are. When it breaks off, it is connected again for two minutes.
    """

    async def work(client: Any) -> None:
        fields = await _named(client, what) if what else {}
        fields |= ({"look": look} if look else {}) | ({"enqueue": "add"} if queue else {})
        status = await client.control("play", **fields)
        song = status.get("song") or {}
        typer.echo(f"{status['state']}: {song.get('title', what)}")

    ask(work, config, data, http_port)


def stop(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """End the show that the running service plays."""

    async def work(client: Any) -> None:
        status = await client.control("stop")
        typer.echo(f"{status['state']}")

    ask(work, config, data, http_port)


async def _named(client: Any, what: str) -> dict[str, Any]:
    """The fields of the command for ``what``: an address, else a station, a playlist, or the only song that fits."""
    if "://" in what:
        if not is_web_address(what):
            raise UsageError("an address to play begins with http:// or https:// and names a host")
        return {"url": what}
    for station in (await client.get("stations"))["stations"]:
        if folded(station["name"]) == folded(what):
            return {"station": station["id"]}
    for playlist in (await client.get("playlists"))["playlists"]:
        if folded(playlist["id"]) == folded(what):
            return {"playlist": playlist["id"]}
    songs = (await client.get("songs", search=what, limit=100))["songs"]
    same = [song for song in songs if folded(song["title"]) == folded(what)] or songs
    if not same:
        raise CommandError(
            f"there is no station, playlist or song {what!r}; `yulelight station list`, `yulelight playlist list` and "
            "`yulelight library list` show them"
        )
    if len(same) > 1:
        some = "; ".join(f"{song['title']} ({song['artist']})" for song in same[:MAX_SHOWN])
        raise UsageError(f"{what!r} may be {len(same)} songs: {some}; say more of the one")
    return {"song": same[0]["id"]}
