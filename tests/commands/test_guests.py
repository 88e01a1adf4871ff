"""``yulelight guests`` at a real service."""

import asyncio
import re
from pathlib import Path

from typer.testing import CliRunner

from tests.api.test_guests import street
from yulelight.commands.cli import app


async def test_the_owner_opens_looks_removes_and_closes(tmp_path: Path) -> None:

    async with street(tmp_path) as s:
        settings = s.service.settings

        def say(*words: str) -> tuple[int, str]:
            where = ["--data", str(settings.data), "--http-port", str(settings.http.port)]
            result = CliRunner().invoke(app, ["guests", *words, *where])
            return result.exit_code, result.output

        async def run(*words: str) -> tuple[int, str]:
            return await asyncio.to_thread(say, *words)

        assert (await run("show")) == (0, "The page for guests is closed.\n")
        code, told = await run("on")
        assert code != 0 and "playlist" in told
        code, told = await run("on", "--playlist", "Carols")
        assert code == 0 and "Guests choose from Carols" in told and "not taken now" in told
        await s.plays()
        playing = (await s.owner("GET", "status"))["song"]["title"]
        title = next(song.title for song in s.songs if song.id in s.others(playing))
        async with s.guest() as guest:
            song = next(song.id for song in s.songs if song.title == title)
            async with guest.post("/guests/wishes", json={"song": song}) as answer:
                assert answer.status == 200
        code, told = await run("show")
        assert code == 0 and re.search(rf"1  {title} - Trad\.$", told, re.MULTILINE)
        code, told = await run("remove", "Stairway")
        assert code != 0 and title in told
        assert (await run("remove", title.lower())) == (0, f"{title} is removed.\n")
        assert (await run("off")) == (0, "The page for guests is closed.\n")
