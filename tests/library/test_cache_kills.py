"""kill -9 while shows and settings are written: what is there is whole, and what was reported as written is there.

A few dozen real kills; YULELIGHT_KILLS asks for more.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from yulelight.library.cache import ShowCache, name_of
from yulelight.library.user_settings import UserSettings
from yulelight.show.show import Show

KILLS = int(os.environ.get("YULELIGHT_KILLS", "24"))
SONGS = 7

WRITER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.library.test_cache_kills import write_for_ever
write_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
"""


def made(number: int) -> Show:
    """A show large enough that writing it takes a while; any mix of two is seen."""
    levels = np.random.default_rng(number).integers(0, 255, (20_000, 8), np.uint8)
    levels[:] = levels[0]
    return Show(levels, levels > 127, 86.13, (0.0,), str(number))


def name(number: int) -> str:
    return name_of(f"{number % SONGS:032x}", "0" * 16)


def write_for_ever(folder: Path, number: int) -> None:
    """Show after show, and a setting with each; says so once both are kept."""
    cache = ShowCache(folder / "shows", 10**9)
    cache.open()
    settings = UserSettings(folder / "library.json")
    while True:
        number += 1
        cache.put(name(number), made(number))
        settings.change("song", {"gain": float(number % 24), "trim": number % 2 == 0})
        print(number, flush=True)


def test_no_kill_loses_or_damages_anything(tmp_path: Path) -> None:
    chance = random.Random(5)
    number = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            assert process.stdout.readline()  # it writes
            time.sleep(chance.uniform(0, 0.05))
        finally:
            process.kill()
            said = process.stdout.read()
            process.wait()
            process.stdout.close()
        told = [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
        number = max([number + 1, *told])
        cache = ShowCache(tmp_path / "shows", 10**9)
        cache.open()
        # Of the one that was being written when the kill came, either version is right.
        for last in range(max(1, number - SONGS + 1), number + 1):
            show = cache.get(name(last))
            assert show is not None
            assert int(show.model) in (last, last + SONGS)
            np.testing.assert_array_equal(show.levels, made(int(show.model)).levels)
        kept = UserSettings(tmp_path / "library.json").of("song")
        assert (kept.gain, kept.trim) in [(float(n % 24), n % 2 == 0) for n in (number, number + 1)]
    assert not list(tmp_path.glob("*.broken"))
    assert not list(tmp_path.rglob("*.tmp"))  # what killed writers left is swept
