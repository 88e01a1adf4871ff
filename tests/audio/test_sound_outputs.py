"""Several outputs are heard together, with the lights, whatever each one's delay."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.audio.sound_outputs import MAIN, SoundOutput, SoundOutputs
from yulelight.core.errors import CommandError
from yulelight.dsp.samples import Floats


class Heard:
    """A card that is ``late`` seconds late and remembers when the song's beginning is heard."""

    def __init__(self, late: float = 0.0) -> None:
        self.late, self.shift = late, 0.0
        self.level, self.stopped = 1.0, False
        self._at: float | None = None

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        self._at = at - position

    follow = play

    def stream(self, blocks: Iterator[Floats], at: float) -> None:
        self._at = at

    def volume(self, level: float) -> None:
        self.level = level

    def stop(self) -> None:
        self.stopped = True

    @property
    def beginning(self) -> float:
        assert self._at is not None
        return self._at + self.shift + self.late


delays = st.floats(-2, 5)


@given(delays, st.dictionaries(st.sampled_from(["terrace", "attic", "hall"]), delays), st.booleans(), delays)
def test_all_are_heard_with_the_lights(
    main: float, others: dict[str, float], remote: bool, later: float
) -> None:
    cards = {name: Heard(late) for name, late in others.items()} | ({} if remote else {MAIN: Heard(main)})
    outputs = SoundOutputs(cards, others, remote=remote)
    if later > 0:
        outputs.play(Path("x.mp3"), 0.0, 100.0)
    else:
        outputs.stream(lambda: iter(()), 100.0)
    lights = 100.0 + outputs.wait(main)
    for card in cards.values():
        assert card.beginning == pytest.approx(lights)
        assert card.shift >= -1e-9  # nothing is ever asked to sound before its moment
    # A changed delay holds at once, without playing anew.
    if others:
        name = next(iter(others))
        outputs.set_delay(name, later)
        cards[name].late = later
        lights = 100.0 + outputs.wait(main)
        assert all(card.beginning == pytest.approx(lights) for card in cards.values())


def test_with_one_output_the_lights_wait_for_it_alone() -> None:
    card = Heard()
    outputs = SoundOutputs({MAIN: card}, {})
    for delay in (0.0, 1.5, -0.5):
        assert outputs.wait(delay) == delay
        assert card.shift == 0.0
    assert outputs.outputs() == [SoundOutput(MAIN, -0.5, False)]


def test_volume_and_stop_reach_all() -> None:
    cards = {MAIN: Heard(), "attic": Heard()}
    outputs = SoundOutputs(cards, {"attic": 0.2})
    outputs.volume(0.3)
    outputs.stop()
    assert all(card.level == 0.3 and card.stopped for card in cards.values())


def test_a_card_that_is_missing_holds_nobody_up() -> None:
    outputs = SoundOutputs({MAIN: Heard()}, {"attic": 3.0}, problems={"attic": "no sound card was found"})
    assert outputs.wait(0.5) == 0.5
    assert outputs.outputs()[1] == SoundOutput("attic", 3.0, False, "no sound card was found")


def test_delays_are_kept_and_those_of_outputs_that_are_gone_are_not(tmp_path: Path) -> None:
    memory = tmp_path / "sound.json"
    SoundOutputs({}, {"attic": 0.0, "hall": 0.1}, memory=memory).set_delay("attic", 0.4)
    assert [each.delay for each in SoundOutputs({}, {"attic": 0.0}, memory=memory).outputs()] == [0.0, 0.4]
    for name, delay in (("nobody", 0.1), (MAIN, 0.1), ("hall", 5.1), ("hall", float("nan"))):
        with pytest.raises(CommandError):
            SoundOutputs({}, {"attic": 0.0, "hall": 0.1}).set_delay(name, delay)


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"{", b'{"version": 2}', b'{"version": 1, "delays": {"attic": "x"}}', b"[" * 9999]
)
def test_a_damaged_memory_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    memory = tmp_path / "sound.json"
    memory.write_bytes(damage)
    assert SoundOutputs({}, {"attic": 0.2}, memory=memory).outputs()[1].delay == 0.2
    assert (tmp_path / "sound.json.broken").read_bytes() == damage
    SoundOutputs({}, {"attic": 0.2}, memory=memory).set_delay("attic", 0.3)
    assert json.loads(memory.read_bytes())["delays"] == {"attic": 0.3}
