"""A whole service that plays by its calendar, and goes on where it was after a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile

from tests.service.test_service import RATE, settings_for, state, tones, until
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.core.messages import GetStatus, State, Status, Stop
from yulelight.schedule.edit import add
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.store import MemoryFile


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Two songs, a playlist of them, and a show that has been on for an hour."""
    music = tmp_path / "music"
    (tmp_path / "playlists").mkdir(parents=True)
    music.mkdir()
    soundfile.write(music / "first.flac", tones(2.0), RATE)
    soundfile.write(music / "second.flac", tones(60.0, 300, 3000), RATE)
    files = "".join(f"{music / name}\n" for name in ("first.flac", "second.flac"))
    (tmp_path / "playlists" / "Carols.m3u8").write_text("#EXTM3U\n" + files)
    begun = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - timedelta(hours=1)
    show = Entry("now", "Tonight", "Carols", begun, timedelta(hours=9), look="calm", zone=UTC)
    (tmp_path / "schedule.ics").write_text(write(add(Schedule(), show), datetime.now(UTC)))
    return tmp_path


async def plays(service: Service, title: str) -> Status:
    await until(
        lambda: (
            service.statuses.latest is not None
            and service.statuses.latest.state is State.PLAYING
            and service.statuses.latest.song is not None
            and title in service.statuses.latest.song.title
        ),
        60.0,
    )
    assert service.statuses.latest is not None
    return service.statuses.latest


async def test_a_show_goes_on_after_a_restart_at_its_song(house: Path) -> None:
    async with running(settings_for(house, house / "music")) as service:
        status = await plays(service, "first")
        assert (status.playlist, status.look) == ("Carols", "calm")
        await plays(service, "second")
    titles = []
    async with running(settings_for(house, house / "music")) as service:
        with service.statuses.subscribe(64) as statuses:
            status = await plays(service, "second")
            async for seen in statuses:
                titles.append(seen.song.title if seen.song else "")
                if seen.state is State.PLAYING:
                    break
    assert status.playlist == "Carols"
    assert not any("first" in title for title in titles)


async def test_a_show_that_a_person_stopped_stays_stopped_after_a_restart(house: Path) -> None:
    async with running(settings_for(house, house / "music")) as service:
        await plays(service, "first")
        await service.director.ask(Stop())
        await state(service, State.IDLE)
        night = read((house / "schedule.ics").read_text(), UTC).entries[0].start.date()
        await until(lambda: ("now", night) in MemoryFile(house / "scheduler.json").load().stopped)
    async with running(settings_for(house, house / "music")) as service:
        assert (await service.director.ask(GetStatus())).state is State.IDLE
