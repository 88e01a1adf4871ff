"""What the director remembers: whatever lies in the file, the show begins."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core import storage
from yulelight.core.messages import Repeat, Song, State
from yulelight.player.program import Item, Program
from yulelight.player.show_queue import ShowQueue
from yulelight.player.state import MAX_BOOKMARKS, Bookmark, Memory, StateFile

FILE = StateFile(Path("state.json"))._file
dump, parse = FILE.dump, FILE.parse
names = st.text(min_size=1, max_size=20)
places = st.tuples(names, st.integers(0, 99))
bookmarks = st.builds(
    Bookmark,
    names,
    st.floats(0, 2e9),
    st.floats(0, 1e5),
    st.lists(places, max_size=3).map(tuple),
    st.none() | places,
    st.lists(places, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from(Repeat),
    st.none() | names,
    st.none() | names,
    st.lists(st.integers(1, 8), max_size=8).map(tuple),
)
memories = st.builds(
    Memory,
    st.dictionaries(names, st.booleans() | st.floats(0, 1) | names, max_size=3),
    st.booleans(),
    st.booleans(),
    st.none() | bookmarks,
    st.lists(bookmarks, max_size=3).map(tuple),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(memories)
def test_a_memory_survives(memory: Memory) -> None:
    assert parse(dump(memory)) == memory


@given(memories, st.data())
def test_a_damaged_memory_is_refused_or_a_memory(memory: Memory, data: st.DataObject) -> None:
    body: Any = json.loads(dump(memory))
    part = body
    if isinstance(body["playing"], dict) and data.draw(st.booleans()):
        part = body["playing"]
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(values)
    with contextlib.suppress(ValueError):
        assert isinstance(parse(json.dumps(body).encode()), Memory)


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse(data)


def test_a_show_is_marked_and_goes_on() -> None:
    items = [Item(Song(f"s{k}", f"Song {k}")) for k in range(4)]
    items.insert(1, Item(Song("", "from the web"), "http://x/y"))
    program = Program(ShowQueue.of(items, repeat=Repeat.ALL), playlist="xmas", channels=frozenset({1, 2}))
    assert Bookmark.of(program, 1.0, 5.0) is None, "nothing played yet"
    for _ in range(3):
        following = program.following()
        assert following is not None
        program = following
    mark = Bookmark.of(program, 12.5, 5.0)
    assert mark is not None and (mark.position, mark.past) == (12.5, (("s0", 0),))
    back = mark.program(1).following()
    assert back is not None and back.phase is State.PLAYING
    assert back.queue.now is not None and back.queue.now.item.song == Song("s1", "")
    assert (back.playlist, back.queue.repeat, back.channels) == ("xmas", Repeat.ALL, frozenset({1, 2}))


def test_bookmarks_are_bounded_and_one_a_playlist() -> None:
    memory = Memory()
    for k in range(50):
        mark = Bookmark(f"p{k % 30}", k, 0.0, (), ("s", 0), (), False, Repeat.OFF, None, None, ())
        memory = memory.with_bookmark(mark)
    assert len(memory.bookmarks) == MAX_BOOKMARKS == len({m.playlist for m in memory.bookmarks})
    found = memory.bookmark("p19")
    assert found is not None and found.at == 49
    assert memory.without("p19").bookmark("p19") is None


def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert StateFile(path).load() == (Memory(), "")
    path.write_text('{"schema": 99}')
    memory, problem = StateFile(path).load()
    assert memory == Memory() and "state.json.broken" in problem
    assert (tmp_path / "state.json.broken").read_text() == '{"schema": 99}'
    file = StateFile(path)
    file.save(Memory(blackout=True))
    assert StateFile(path).load() == (Memory(blackout=True), "")


WRITER = """
import sys
from pathlib import Path
from yulelight.player.state import Memory, StateFile
file, k = StateFile(Path(sys.argv[1])), 0
while True:
    k += 1
    file.save(Memory({"n": k, "filler": "x" * (k % 50_000)}))
    print(k, flush=True)
"""


def test_killed_while_writing_it_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    last = 0
    for kill in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(5 + 7 * kill):
            last = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        for line in writer.stdout:
            if line.endswith("\n"):
                last = int(line)
        writer.wait()
        memory, problem = StateFile(path).load()
        assert problem == "" and memory.options["n"] in (last, last + 1)
    storage.tidy(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
