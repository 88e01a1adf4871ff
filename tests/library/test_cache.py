import os
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yulelight.library.cache import ShowCache, name_of, store
from yulelight.show.show import Show


def show(seed: int, frames: int = 50) -> Show:
    levels = np.random.default_rng(seed).integers(0, 255, (frames, 8), np.uint8)
    return Show(levels, levels > 127, 86.13, (0.0,), f"model {seed}")


def name(number: int) -> str:
    return name_of(f"{number:032x}", "0123456789abcdef")


def test_a_show_is_kept_over_a_restart(tmp_path: Path) -> None:
    cache = ShowCache(tmp_path / "shows", 10**6)
    cache.open()
    assert cache.get(name(1)) is None
    cache.put(name(1), show(1))
    again = ShowCache(tmp_path / "shows", 10**6)
    again.open()
    assert name(1) in again
    kept = again.get(name(1))
    assert kept is not None
    np.testing.assert_array_equal(kept.levels, show(1).levels)
    assert again.bytes == cache.bytes == (tmp_path / "shows" / name(1)).stat().st_size


def test_the_one_used_last_stays_over_a_restart_too(tmp_path: Path) -> None:
    cache = ShowCache(tmp_path, 10**6)
    cache.open()
    for number in range(3):
        cache.put(name(number), show(number))
        os.utime(tmp_path / name(number), (number, number))
    cache.get(name(0))
    again = ShowCache(tmp_path, cache.bytes + 200)
    again.open()
    again.put(name(3), show(3))
    assert [number for number in range(4) if name(number) in again] == [0, 2, 3]


def test_damaged_and_foreign_files(tmp_path: Path) -> None:
    for file in ("notes.txt", "../x", ".left.tmp"):
        (tmp_path / "shows" / file).parent.mkdir(exist_ok=True)
        (tmp_path / "shows" / file).write_bytes(b"x")
    (tmp_path / "shows" / name(1)).write_bytes(b"half a sh")
    cache = ShowCache(tmp_path / "shows", 10**6)
    cache.open()
    assert cache.get(name(1)) is None
    assert cache.bytes == 0
    assert sorted(path.name for path in (tmp_path / "shows").iterdir()) == ["notes.txt"]
    cache.put(name(2), show(2))
    (tmp_path / "shows" / name(2)).unlink()
    assert cache.get(name(2)) is None


def test_room_is_made_without_touching_what_is_to_be_kept(tmp_path: Path) -> None:
    cache = ShowCache(tmp_path, 10**6)
    cache.open()
    for number in range(4):
        cache.put(name(number), show(number))
    size = cache.bytes // 4
    cache.limit = 3 * size
    assert cache.make_room({name(0)}, spare=size // 2)
    assert [number for number in range(4) if name(number) in cache] == [0, 3]
    assert not cache.make_room({name(0), name(3)}, spare=3 * size)
    assert name(0) in cache


class Cache(RuleBasedStateMachine):
    """Against a list of what was used when."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.home = tempfile.TemporaryDirectory()
        self.cache = ShowCache(Path(self.home.name), 5000)
        self.cache.open()
        self.used: list[str] = []
        self.sizes: dict[str, int] = {}

    def teardown(self) -> None:
        self.home.cleanup()

    @rule(number=st.integers(0, 9), frames=st.integers(1, 120))
    def put(self, number: int, frames: int) -> None:
        store(Path(self.home.name) / "size", show(number, frames))
        self.sizes[name(number)] = (Path(self.home.name) / "size").stat().st_size
        self.cache.put(name(number), show(number, frames))
        self.used = [other for other in self.used if other != name(number)] + [name(number)]
        while len(self.used) > 1 and sum(self.sizes[other] for other in self.used) > self.cache.limit:
            self.used.pop(0)

    @rule(number=st.integers(0, 9))
    def get(self, number: int) -> None:
        found = self.cache.get(name(number))
        assert (found is not None) == (name(number) in self.used)
        if found:
            assert found.model == f"model {number}"
            self.used = [other for other in self.used if other != name(number)] + [name(number)]

    @invariant()
    def the_folder_holds_what_is_counted(self) -> None:
        there = {path.name: path.stat().st_size for path in Path(self.home.name).glob("*.npz")}
        assert set(there) == set(self.used)
        assert self.cache.bytes == sum(there.values())
        assert self.cache.bytes <= self.cache.limit or len(there) == 1


TestCache = Cache.TestCase
TestCache.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
