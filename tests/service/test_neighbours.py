"""Two real services, one of which follows the other: what both send to their lights is compared, moment by moment.

Both run on this machine, so their packets are of the same clock.
"""

import asyncio
import json
import signal
import time
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.house import House, until
from tests.faults.kills import song
from yulelight.core.messages import Packet
from yulelight.mqtt import packet
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.link import LinkError, connect
from yulelight.mqtt.topics import Topics
from yulelight.schedule.edit import add
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule, write

DARK = 2.6


class Seen:
    """What a service's lights were told to show, by the rule of docs/mqtt.md: a packet replaces what follows it."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, bytes]] = []

    def add(self, item: Packet) -> None:
        at = item.at / 1e6
        while self.frames and self.frames[-1][0] >= at:
            self.frames.pop()
        for k, levels in enumerate(item.levels):
            self.frames.append((at + k * item.interval / 1e6, levels))

    def at(self, moment: float) -> bytes:
        k = bisect_right(self.frames, moment, key=lambda frame: frame[0])
        return self.frames[k - 1][1] if k else bytes(8)

    def lit(self, begin: float, end: float) -> list[float]:
        """When frames that are not dark began, from ``begin`` to ``end``."""
        return [at for at, levels in self.frames if begin <= at < end and any(levels)]


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[Seen]:
    """Its frames, over deaths of the house."""
    seen = Seen()
    who = house.identity
    address = BrokerAddress("127.0.0.1", house.mqtt, who["broker_user"], who["broker_password"])

    async def listen() -> None:
        while True:
            with suppress(LinkError):
                async with connect(address) as client:
                    await client.subscribe(Topics(house.identity["id"]).frames)
                    async for message in client.messages:
                        seen.add(packet.decode(message.payload))
            await asyncio.sleep(0.05)

    task = asyncio.create_task(listen())
    try:
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def alike(one: Seen, other: Seen, begin: float, end: float) -> float:
    """The share of moments at which both show the same, to 2 of 255, give or take 2 ms."""
    moments = [begin + k / 100 for k in range(int((end - begin) * 100))]

    def same(moment: float) -> bool:
        levels = one.at(moment)
        return any(
            max(abs(a - b) for a, b in zip(levels, other.at(moment + late), strict=True)) <= 2
            for late in (0, 0.002, -0.002)
        )

    return sum(map(same, moments)) / len(moments)


def neighbour(folder: Path, leader: House) -> House:
    """A house that follows ``leader``, with a song of its own and a show by its calendar since an hour ago."""
    (folder / "data" / "playlists").mkdir(parents=True)
    music = song(folder / "own.wav", 6, seed=1)
    (folder / "data" / "playlists" / "Own.m3u8").write_text(f"#EXTM3U\n{music}\n")
    begun = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - timedelta(hours=1)
    show = Entry("now", "Tonight", "Own", begun, timedelta(hours=9), zone=UTC)
    (folder / "data" / "schedule.ics").write_text(write(add(Schedule(), show), datetime.now(UTC)))
    who = leader.identity
    broker = f"mqtt://{who['broker_user']}:{who['broker_password']}@127.0.0.1:{leader.mqtt}"
    follows = {"type": "yulelight", "name": "Street", "broker": broker, "calendar": "away"}
    return House(folder, music=[music], more={"YULELIGHT_INPUT": json.dumps([follows])})


async def begin(house: House) -> None:
    house.begin()
    await asyncio.to_thread(until, house.healthy, 120.0, house.log)


async def reach(house: House, state: str, patience: float = 60.0) -> None:
    def reached() -> bool:
        return bool(house.call("GET", "/api/v1/status")[1]["state"] == state)

    await asyncio.to_thread(until, reached, patience, f"not {state}")


def street(house: House) -> dict[str, str]:
    """What the house says of the one it follows."""
    found: dict[str, str] = house.call("GET", "/api/v1/inputs")[1]["inputs"][0]
    return found


async def same_for_a_while(led: Seen, seen: Seen) -> None:
    """Both show the same from soon on, which the look-ahead and a busy machine may put off by a little."""
    await asyncio.sleep(2.0)
    since = time.monotonic()
    await asyncio.sleep(3.0)
    assert led.lit(since, since + 3.0)
    assert alike(led, seen, since, since + 3.0) > 0.9


async def test_a_neighbour_shows_the_same_and_its_own_show_while_the_other_is_gone(tmp_path: Path) -> None:
    (tmp_path / "leader").mkdir()
    music = song(tmp_path / "one.wav", 90)
    with House(tmp_path / "leader", music=[music], resume_within=5) as leader:
        await begin(leader)
        with neighbour(tmp_path / "follower", leader) as follower:
            await begin(follower)
            async with watching(leader) as led, watching(follower) as seen:
                status, answer = await asyncio.to_thread(leader.control, "play")
                assert status == 200, answer
                await reach(follower, "live")
                assert street(follower)["state"] == "playing" and street(follower)["title"] == "one"
                await same_for_a_while(led, seen)

                await asyncio.to_thread(leader.end, signal.SIGKILL)
                died = time.monotonic()
                await reach(follower, "playing")
                own = time.monotonic()
                assert street(follower)["state"] == "away"
                assert not seen.lit(died + DARK, own - 1.0), "dark between the two shows"

                await begin(leader)
                await reach(leader, "playing")
                await reach(follower, "live")
                await same_for_a_while(led, seen)
                assert "leads again" in follower.log
                assert not follower.complaints()
