"""A show as a sequence."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import Repeat, Song, State
from yulelight.library.steps import Scene
from yulelight.player.program import Item, Program
from yulelight.player.show_queue import ShowQueue


def song(k: int) -> Item:
    return Item(Song(str(k), f"Song {k}"))


def scene(k: int) -> Item:
    return Item(scene=Scene("on", k + 1.0))


programs = st.builds(
    lambda pre, songs, post, repeat: Program(
        ShowQueue.of([song(k) for k in range(songs)], repeat=repeat),
        tuple(map(scene, range(pre))),
        tuple(map(scene, range(10, 10 + post))),
    ),
    st.integers(0, 3),
    st.integers(0, 4),
    st.integers(0, 3),
    st.sampled_from([Repeat.OFF, Repeat.ALL]),
)


def plays(program: Program, most: int = 40) -> list[tuple[State, Item]]:
    played: list[tuple[State, Item]] = []
    following = program.following()
    while following is not None and len(played) < most:
        assert following.item is not None
        played.append((following.phase, following.item))
        following = following.following()
    return played


@given(programs)
def test_steps_then_songs_then_steps(program: Program) -> None:
    once = replace(program, queue=replace(program.queue, repeat=Repeat.OFF))
    items = [item for _, item in plays(once)]
    assert items == [*program.pre, *(e.item for e in program.queue.coming), *program.post]
    phases = [phase for phase, _ in plays(once)]
    assert phases == sorted(phases, key=[State.PRE_SHOW, State.PLAYING, State.POST_SHOW].index)


@given(programs, st.integers(0, 8))
def test_what_ends_after_its_song_goes_to_the_last_steps(program: Program, steps: int) -> None:
    for _ in range(steps):
        program = program.following() or program
    rest = [phase for phase, _ in plays(replace(program, ending=True))]
    assert State.PLAYING not in rest


@given(programs, st.integers(0, 8))
def test_what_cannot_be_played_never_comes_again(program: Program, steps: int) -> None:
    for _ in range(steps):
        program = program.following() or program
    failed = program.following()
    if failed is None or failed.item is None or (failed.queue.now is program.queue.now and program.queue.now):
        return
    rest = [item for _, item in plays(program.skipping(failed))]
    assert failed.item not in rest


def test_previous_comes_back_from_the_second_song() -> None:
    program = Program(ShowQueue.of([song(0), song(1)]))
    first = program.following()
    assert first is not None and first.previous() == first
    second = first.following()
    assert second is not None and second.previous().item == song(0)


def test_a_program_whose_only_song_fails_is_at_its_end() -> None:
    program = Program(ShowQueue.of([Item(Song("a", "A"))])).following()
    assert program is not None
    assert not program.ending
    left = program.skipping(program)
    assert left.ending
    assert left.following() is None
