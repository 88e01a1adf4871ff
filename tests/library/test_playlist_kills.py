"""kill -9 while playlists are written: every list is whole, and what was reported as written is there.

A few dozen real kills; YULELIGHT_KILLS asks for more.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from yulelight.core.messages import Song
from yulelight.library.playlists import Change, Playlists
from yulelight.library.songs import LibrarySong

KILLS = int(os.environ.get("YULELIGHT_KILLS", "24"))
SONGS = [LibrarySong(Song(f"s{k}", f"Song {k}"), Path(f"/music/{k}.mp3")) for k in range(400)]

WRITER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.library.test_playlist_kills import write_for_ever
write_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
"""


def content(number: int) -> list[str]:
    """The songs that list version ``number`` has: any mix of two versions is seen."""
    return [f"s{number % 400}"] * (1 + number % 300)


def write_for_ever(folder: Path, number: int) -> None:
    """Writes version after version, and says so once each is kept."""
    lists = Playlists(folder, lambda: SONGS)
    while True:
        number += 1
        lists.save("x", Change(content(number)))
        print(number, flush=True)


def test_no_kill_loses_or_damages_a_list(tmp_path: Path) -> None:
    chance = random.Random(5)
    number = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            assert process.stdout.readline()  # it writes
            time.sleep(chance.uniform(0, 0.03))
        finally:
            process.kill()
            said = process.stdout.read()
            process.wait()
            process.stdout.close()
        told = [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
        least = max([number + 1, *told])
        found = [item.id for item in Playlists(tmp_path, lambda: SONGS).items("x")]
        # The last one that was told of, or the next, which was kept before it could be told.
        number = next((n for n in (least, least + 1) if found == content(n)), -1)
        assert number > 0, f"after version {least}: {found[:2]}… ({len(found)})"
    assert Playlists(tmp_path, lambda: SONGS).summaries()[0].id == "x"
    Playlists(tmp_path, lambda: SONGS).save("x", Change([]))
    assert [path.name for path in tmp_path.iterdir()] == ["x.m3u8"]  # what killed writers left is swept
