"""Inputs that are lit when they sound: with the real director, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.player.test_director import staged
from tests.theatre import Theatre
from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.core.errors import CommandError, NetworkError
from yulelight.core.messages import Play, Song, State, Stop
from yulelight.inputs.base import Block, Clear, Heard, Input, Notice
from yulelight.inputs.choices import Choices
from yulelight.inputs.listener import Wanted
from yulelight.inputs.manager import (
    ChangeInput,
    GetInputs,
    InputManager,
    InputReport,
    ManagerMessage,
    PlayInput,
)
from yulelight.player.director import OpenInput

rng = np.random.default_rng(0)


class Box:
    """A radio: it gives a tenth of a second of sound, or of silence, every tenth of a second while it is on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.on, self.loud = True, False

    def made(self) -> Input:
        return _Heard(self)


class _Heard:
    def __init__(self, box: Box) -> None:
        self.song = Song("", box.name)
        self._box = box

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        if not self._box.on:
            raise NetworkError("the radio is off")
        yield self._sound()

    async def _sound(self) -> AsyncIterator[Heard]:
        while self._box.on:
            await asyncio.sleep(0.1)
            size = 0.5 if self._box.loud else 0.0
            yield Block(rng.uniform(-size, size, (4410, 2)).astype(np.float32))


class Server:
    """Sends what it plays far ahead, and says when it is heard; what is put in ``send`` is heard from then on."""

    name = "Server"

    def __init__(self) -> None:
        self.send: asyncio.Queue[Heard] = asyncio.Queue()

    def made(self) -> Input:
        return _Sent(self)


class _Sent:
    def __init__(self, server: Server) -> None:
        self.song = Song("", server.name)
        self._server = server

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        yield self._sound()

    async def _sound(self) -> AsyncIterator[Heard]:
        while True:
            yield await self._server.send.get()


def far(begin: float, seconds: float, loud: float = 0.5) -> list[Block]:
    """Tenths of a second, the first of which is heard at ``begin``."""
    return [
        Block(rng.uniform(-loud, loud, (4410, 2)).astype(np.float32), begin + k / 10)
        for k in range(round(seconds * 10))
    ]


class Inputs:
    """The manager at work: called, it gives the reports by name."""

    def __init__(self, manager: Ref[ManagerMessage], told: Broadcast[tuple[InputReport, ...]]) -> None:
        self.manager, self.told = manager, told

    async def __call__(self) -> dict[str, InputReport]:
        return {each.name: each for each in await self.manager.ask(GetInputs())}


@asynccontextmanager
async def house(
    t: Theatre, *boxes: tuple[Box | Server, int], kept: Path | None = None
) -> AsyncIterator[Inputs]:
    """The boxes as inputs with these priorities, whose show ends after 5 s of silence. ``kept``: their choices."""

    async def begin(source: Input, modest: bool) -> None:
        if not modest:
            await t.director.ask(Stop())
        await t.director.ask(OpenInput(source, modest=modest))

    wanted = [Wanted(box.name, box.made, priority, silence=5.0) for box, priority in boxes]
    told: Broadcast[tuple[InputReport, ...]] = Broadcast()
    async with Supervisor() as supervisor:
        yield Inputs(
            supervisor.start(
                lambda: InputManager(wanted, begin, t.feeds.statuses, told, t.clock, choices=Choices(kept)),
                "inputs",
            ),
            told,
        )


def plays(t: Theatre, name: str) -> bool:
    return t.status.state is State.LIVE and t.status.song is not None and t.status.song.title == name


@staged()
async def test_sound_begins_a_show_and_silence_ends_it(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as reports:
        await asyncio.sleep(30)
        assert t.status.state is State.IDLE and (await reports())["Radio"].state == "silent"
        for _ in range(2):
            radio.loud, began = True, t.now
            await t.until(lambda: plays(t, "Radio"))
            assert t.now - began < 1.0
            await t.until(lambda: any(t.levels))
            assert (await reports())["Radio"].state == "playing"
            radio.loud, ended = False, t.now
            await asyncio.sleep(4)
            assert plays(t, "Radio")
            await t.state(State.IDLE)
            assert 4.9 <= t.now - ended <= 6.5 and t.status.message == ""


@staged()
async def test_a_source_comes_back(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as reports:
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
        radio.on = False
        await asyncio.sleep(2)
        assert plays(t, "Radio")  # a pause
        radio.on = True
        await asyncio.sleep(10)
        assert plays(t, "Radio")
        radio.on = False
        await t.state(State.IDLE)
        found = (await reports())["Radio"]
        assert found.state == "away" and "off" in found.problem and found.level is None
        radio.on = True
        await t.until(lambda: plays(t, "Radio"))
        assert (await reports())["Radio"].problem == ""


@staged()
async def test_what_a_person_plays_wins_and_the_input_returns(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as reports:
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
        await t.say(Play(song=t.songs[1].id))
        await t.plays(1)
        await asyncio.sleep(2)
        assert t.status.state is State.PLAYING and (await reports())["Radio"].state == "waiting"
        await t.say(Stop())
        await t.until(lambda: plays(t, "Radio"))


@staged()
async def test_a_stop_is_not_contradicted(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as reports:
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
        await t.say(Stop())
        await asyncio.sleep(60)
        assert t.status.state is State.IDLE and (await reports())["Radio"].state == "stopped"
        radio.loud = False
        await asyncio.sleep(10)
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))


@staged()
async def test_a_higher_priority_takes_over_and_gives_back(t: Theatre) -> None:
    radio, door, other = Box("Radio"), Box("Doorbell"), Box("Other")
    async with house(t, (radio, 0), (door, 5), (other, 0)) as reports:
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
        other.loud = True
        await asyncio.sleep(5)
        assert plays(t, "Radio")  # equals do not take over
        door.loud = True
        await t.until(lambda: plays(t, "Doorbell"))
        states = {name: found.state for name, found in (await reports()).items()}
        assert states == {"Radio": "waiting", "Doorbell": "playing", "Other": "waiting"}
        door.loud = False
        await t.until(lambda: plays(t, "Radio"))


@staged()
async def test_the_end_of_the_inputs_is_the_end_of_their_show(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)):
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
    await t.state(State.IDLE)


@staged()
async def test_sound_that_was_sent_far_ahead_is_lit_to_its_end(t: Theatre) -> None:
    server = Server()
    async with house(t, (server, 0)):
        begin = t.now + 1.0
        for block in far(begin, 30):
            server.send.put_nowait(block)
        await t.until(lambda: any(t.levels))
        assert t.now == pytest.approx(begin, abs=0.3)
        await asyncio.sleep(begin + 29.5 - t.now)
        assert plays(t, "Server") and any(t.levels)
        await asyncio.sleep(2.0)
        assert plays(t, "Server") and not any(t.levels)  # nothing came any more: dark, and soon over
        await t.state(State.IDLE)
        assert 4.9 <= t.now - (begin + 30) <= 6.6


@staged()
async def test_silence_that_was_sent_far_ahead_is_silence_when_it_is_heard(t: Theatre) -> None:
    server = Server()
    async with house(t, (server, 0)):
        begin = t.now + 1.0
        for block in far(begin, 10) + far(begin + 10, 10, loud=0.0):
            server.send.put_nowait(block)
        await asyncio.sleep(begin + 9.5 - t.now)
        assert plays(t, "Server") and any(t.levels)
        await t.state(State.IDLE)
        assert 4.9 <= t.now - (begin + 10) <= 6.6


@staged()
async def test_who_joins_late_is_lit_by_what_was_sent_before(t: Theatre) -> None:
    server = Server()
    async with house(t, (server, 0)):
        await t.say(Play(song=t.songs[1].id))
        await t.plays(1)
        for block in far(t.now + 1, 30):
            server.send.put_nowait(block)
        await asyncio.sleep(5)
        assert t.status.state is State.PLAYING
        await t.say(Stop())
        await t.until(lambda: plays(t, "Server"))
        stopped = t.now
        await t.until(lambda: any(t.levels))
        assert t.now - stopped < 1.0


@staged()
async def test_a_jump_is_dark_until_what_follows(t: Theatre) -> None:
    server = Server()
    async with house(t, (server, 0)) as reports:
        for block in far(t.now + 1, 30):
            server.send.put_nowait(block)
        await t.until(lambda: any(t.levels))
        await asyncio.sleep(3)
        server.send.put_nowait(Clear())
        await asyncio.sleep(1.5)
        assert plays(t, "Server") and not any(t.levels)
        for block in far(t.now + 0.5, 3):
            server.send.put_nowait(block)
        await asyncio.sleep(1.0)
        assert any(t.levels)
        server.send.put_nowait(Notice("paused by mum"))
        await asyncio.sleep(0.1)
        assert (await reports())["Server"].problem == "paused by mum"


@staged()
async def test_a_muted_input_is_dark_however_it_sounds(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as inputs:
        radio.loud = True
        await t.until(lambda: plays(t, "Radio"))
        await inputs.manager.ask(ChangeInput("Radio", True))
        await t.state(State.IDLE)
        await asyncio.sleep(60)
        found = (await inputs())["Radio"]
        assert t.status.state is State.IDLE and (found.state, found.muted) == ("waiting", True)
        await inputs.manager.ask(ChangeInput("Radio", False))
        await t.until(lambda: plays(t, "Radio"))
        with pytest.raises(CommandError, match="no input 'Gramophone'"):
            await inputs.manager.ask(ChangeInput("Gramophone", True))


@staged()
async def test_an_input_is_paired_or_opened_to_all_while_it_runs(t: Theatre) -> None:
    """Its sender shows a code; opening it to unpaired servers makes it anew, and is kept."""
    choices, made, server = Choices(None), list[bool | None](), Server()

    def make() -> Input:
        made.append(choices.of("Server").unpaired)
        return server.made()

    wanted = [Wanted("Server", make, unpaired=False), Wanted("Radio", Box("Radio").made)]
    async with Supervisor() as supervisor:
        told: Broadcast[tuple[InputReport, ...]] = Broadcast()
        manager = supervisor.start(
            lambda: InputManager(
                wanted,
                lambda source, modest: asyncio.sleep(0),
                t.feeds.statuses,
                told,
                t.clock,
                choices=choices,
            ),
            "inputs",
        )
        inputs = Inputs(manager, told)
        server.send.put_nowait(Notice("pairing code: 123-456", "123-456"))
        await asyncio.sleep(0.5)
        found = (await inputs())["Server"]
        assert (found.pairing_code, found.unpaired, made) == ("123-456", False, [None])
        await manager.ask(ChangeInput("Server", unpaired=True))
        await asyncio.sleep(1.0)
        found = (await inputs())["Server"]
        assert (found.pairing_code, found.unpaired, made) == ("", True, [None, True])
        await manager.ask(ChangeInput("Server", unpaired=True))
        await asyncio.sleep(1.0)
        assert len(made) == 2, "nothing changed"
        with pytest.raises(CommandError, match="Radio is not paired"):
            await manager.ask(ChangeInput("Radio", unpaired=True))


@staged()
async def test_what_was_chosen_outlives_a_restart(t: Theatre) -> None:
    kept = t.folder / "inputs.json"
    radio, door = Box("Radio"), Box("Doorbell")
    radio.loud = door.loud = True
    async with house(t, (radio, 0), (door, 5), kept=kept) as inputs:
        await t.until(lambda: plays(t, "Doorbell"))
        assert (await inputs())["Radio"].reason == "Doorbell is lit, with a higher priority"
        await inputs.manager.ask(ChangeInput("Doorbell", muted=True))
        await t.until(lambda: plays(t, "Radio"))
        await inputs.manager.ask(ChangeInput("Doorbell", muted=False, priority=-3))
        found = await inputs()
        assert (found["Doorbell"].reason, found["Radio"].reason) == (
            "Radio is lit, with a higher priority",
            "",
        )
        await inputs.manager.ask(ChangeInput("Radio", muted=True))
        await t.until(lambda: plays(t, "Doorbell"))
    await t.say(Stop())
    async with house(t, (radio, 0), (door, 5), kept=kept) as inputs:
        await t.until(lambda: plays(t, "Doorbell"))
        found = await inputs()
        assert (found["Radio"].muted, found["Radio"].reason, found["Doorbell"].priority) == (
            True,
            "it is muted",
            -3,
        )
        await t.say(Play(t.songs[0].id))
        await t.until(lambda: t.status.state is State.PLAYING)
        await asyncio.sleep(0.5)
        assert (await inputs())["Doorbell"].reason == "something else plays; inputs come after it"
    kept.write_text("{")
    async with house(t, (radio, 0), kept=kept) as inputs:
        assert not (await inputs())["Radio"].muted


@staged()
async def test_a_chosen_input_takes_the_place_of_what_plays_for_as_long_as_it_sounds(t: Theatre) -> None:
    radio, door = Box("Radio"), Box("Doorbell")
    async with house(t, (radio, 0), (door, 5)) as inputs:
        with pytest.raises(CommandError, match="Radio is silent; play something there first"):
            await inputs.manager.ask(PlayInput("Radio"))
        await t.say(Play(song=t.songs[1].id))
        await t.plays(1)
        radio.loud = door.loud = True
        await asyncio.sleep(2)
        assert t.status.state is State.PLAYING
        await inputs.manager.ask(PlayInput("Radio"))
        await t.until(lambda: plays(t, "Radio"))
        await asyncio.sleep(20)
        assert plays(t, "Radio")  # before the Doorbell, whose priority is higher
        radio.loud = False
        await t.until(lambda: plays(t, "Doorbell"))
        radio.loud = True
        await asyncio.sleep(5)
        assert plays(t, "Doorbell")
        await inputs.manager.ask(PlayInput("Radio"))
        await t.until(lambda: plays(t, "Radio"))


@staged()
async def test_changes_are_told_and_levels_are_not(t: Theatre) -> None:
    radio = Box("Radio")
    async with house(t, (radio, 0)) as inputs:
        with inputs.told.subscribe(64) as told:
            await asyncio.sleep(20)
            radio.loud = True
            await t.until(lambda: plays(t, "Radio"))
            await asyncio.sleep(20)
            inputs.told.close()
            states = [reports[0].state async for reports in told]
    assert states[-1] == "playing" and len(states) <= 4


@staged()
async def test_what_comes_too_late_is_counted(t: Theatre) -> None:
    server = Server()
    async with house(t, (server, 0)) as inputs:
        for block in far(t.now - 0.6, 3):
            server.send.put_nowait(block)
        await t.until(lambda: plays(t, "Server"))
        assert (await inputs())["Server"].late in (5, 6)


@staged()
@pytest.mark.parametrize("off", [-3600.0, -2.0, 90.0, 1e9])
async def test_sound_for_another_time_lights_nothing_and_holds_nothing_up(t: Theatre, off: float) -> None:
    server = Server()
    async with house(t, (server, 0)) as inputs:
        for block in far(t.now + 0.5, 3):
            server.send.put_nowait(block)
        await t.until(lambda: any(t.levels))
        over = t.now + 3.0

        async def lie() -> None:
            while True:
                server.send.put_nowait(far(t.now + off, 0.1)[0])
                await asyncio.sleep(0.1)

        lying = asyncio.create_task(lie())
        await t.until(lambda: t.now > over and not any(t.levels))
        assert "clock" in (await inputs())["Server"].problem
        await t.state(State.IDLE)
        lying.cancel()
        for block in far(t.now + 0.5, 3):
            server.send.put_nowait(block)
        await t.until(lambda: any(t.levels))
        assert (await inputs())["Server"].problem == ""


class Faulty(Box):
    """Fails in a way that no input foresees, once it is loud."""

    def made(self) -> Input:
        class Failing(_Heard):
            async def _sound(self) -> AsyncIterator[Heard]:
                async for heard in super()._sound():
                    yield heard
                    if self._box.loud:
                        raise LookupError("what no server should send")

        return Failing(self)


@staged()
async def test_an_input_that_fails_leaves_the_others_alone(t: Theatre) -> None:
    good, bad = Box("Good"), Faulty("Bad")
    async with house(t, (good, 0), (bad, 0)) as inputs:
        good.loud = True
        await t.until(lambda: plays(t, "Good"))
        bad.loud = True
        for _ in range(100):
            await asyncio.sleep(0.5)
            assert plays(t, "Good") and (await inputs())["Good"].state == "playing"
        bad.loud = False
        await asyncio.sleep(20)
        assert (await inputs())["Bad"].problem == ""
