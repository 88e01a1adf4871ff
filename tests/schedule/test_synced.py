import errno
import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule import writer
from tests.schedule.seasons import nightly
from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.json_file import JsonFile
from yulelight.schedule.decide import Memory
from yulelight.schedule.edit import add, remove
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.store import MemoryFile, TextFile
from yulelight.schedule.synced import SyncedSchedule

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KILLS = int(os.environ.get("YULELIGHT_KILLS", "25"))


def opened(path: Path) -> SyncedSchedule:
    synced = SyncedSchedule(TextFile(path))
    synced.open(UTC, NOW)
    return synced


def test_what_is_added_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new" / "schedule.ics"
    opened(path).edit(lambda old: add(old, nightly()), UTC, NOW)
    assert opened(path).schedule.entries == (nightly(),)
    assert [file.name for file in path.parent.iterdir() if not file.name.startswith(".")] == ["schedule.ics"]


def test_a_file_edited_by_hand_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"
    synced = opened(path)
    synced.edit(lambda old: add(old, nightly()), UTC, NOW)
    assert not synced.refresh(UTC, NOW)
    path.write_text(path.read_text().replace("PLAYLIST:Carols", "PLAYLIST:Rock Christmas"))
    assert synced.refresh(UTC, NOW)
    assert synced.schedule.entries[0].playlist == "Rock Christmas"
    path.unlink()
    assert synced.refresh(UTC, NOW)
    assert synced.schedule.entries == ()


def test_an_edit_does_not_overwrite_one_made_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"
    synced = opened(path)
    path.write_text(write(Schedule((nightly(),)), NOW))
    synced.edit(lambda old: add(old, replace(nightly(), uid="second")), UTC, NOW)
    assert [entry.uid for entry in opened(path).schedule.entries] == ["nightly", "second"]


def test_a_file_that_is_no_calendar_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"
    path.write_bytes(b"\xff\xfenonsense")
    synced = opened(path)
    assert synced.schedule.entries == ()
    assert "not a calendar" in synced.trouble
    with pytest.raises(YulelightError, match="repair it or move it away"):
        synced.edit(lambda old: add(old, nightly()), UTC, NOW)
    assert path.read_bytes() == b"\xff\xfenonsense"


def test_a_damaged_file_stays_and_the_last_good_schedule_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"
    synced = opened(path)
    synced.edit(lambda old: add(old, nightly()), UTC, NOW)
    whole = path.read_text()
    path.write_text(whole[:100])
    assert not synced.refresh(UTC, NOW), "an editor may be at it"
    path.write_text(whole[:90])
    assert not synced.refresh(UTC, NOW)
    assert synced.refresh(UTC, NOW)
    for one in (synced, opened(path)):
        assert one.schedule.entries == (nightly(),), "also after a restart"
        assert "The previous schedule is used" in one.trouble
        with pytest.raises(YulelightError, match="END:VCALENDAR"):
            one.edit(lambda old: remove(old, "nightly", None, "all"), UTC, NOW)
    assert path.read_text() == whole[:90], "what the user wrote is the user's"
    path.write_text(whole.replace("PLAYLIST:Carols", "PLAYLIST:Rock"))
    assert synced.refresh(UTC, NOW)
    assert (synced.trouble, synced.schedule.entries[0].playlist) == ("", "Rock")


@pytest.mark.parametrize("blank", [b"", b"\0" * 500, b"\r\n \r\n"])
def test_a_file_that_a_power_cut_emptied_costs_nothing(tmp_path: Path, blank: bytes) -> None:
    path = tmp_path / "schedule.ics"
    opened(path).edit(lambda old: add(old, nightly()), UTC, NOW)
    path.write_bytes(blank)
    synced = opened(path)
    assert synced.schedule.entries == (nightly(),)
    synced.edit(lambda old: add(old, replace(nightly(), uid="second")), UTC, NOW)
    assert [entry.uid for entry in opened(path).schedule.entries] == ["nightly", "second"]


def test_what_cannot_be_written_again_is_kept_beside(tmp_path: Path) -> None:
    """Text around the calendar has no place in a calendar."""
    path = tmp_path / "schedule.ics"
    original = f"Dear all, here it is:\r\n{write(Schedule((nightly(),)), NOW)}Yours, Bob\r\n"
    path.write_text(original, newline="")
    synced = opened(path)
    assert [problem.partition(" ")[2] for problem in synced.schedule.problems] == [
        "1 is outside of the calendar and is left out: Dear all, here it is:",
        "15 is outside of the calendar and is left out: Yours, Bob",
    ]
    synced.edit(lambda old: add(old, replace(nightly(), uid="second")), UTC, NOW)
    synced.edit(lambda old: remove(old, "second", None, "all"), UTC, NOW)
    [kept] = tmp_path.glob("schedule.ics.original-*")
    assert kept.read_text() == original.replace("\r\n", "\n")
    assert opened(path).schedule.problems == ()


def test_a_calendar_is_examined_before_it_is_read_unless_it_is_our_own(tmp_path: Path) -> None:
    path, seen = tmp_path / "schedule.ics", list[bytes]()

    def examine(data: bytes, zone: str) -> None:
        seen.append(data)
        if b"bomb" in data:
            raise UsageError("it takes too long")

    def started() -> SyncedSchedule:
        synced = SyncedSchedule(TextFile(path), examine)
        synced.open(UTC, NOW)
        return synced

    synced = started()
    synced.edit(lambda old: add(old, nightly()), UTC, NOW)
    synced.refresh(UTC, NOW)
    assert started().schedule.entries == (nightly(),)
    assert seen == []
    path.write_text(path.read_text().replace("SUMMARY:Nightly", "SUMMARY:bomb"))
    synced.refresh(UTC, NOW, patient=False)
    assert synced.schedule.entries == (nightly(),)
    assert "takes too long" in synced.trouble
    assert len(seen) == 1


def test_a_calendar_that_could_not_be_examined_is_looked_at_again_and_not_written_over(
    tmp_path: Path,
) -> None:
    path, busy = tmp_path / "schedule.ics", [True]

    def examine(data: bytes, zone: str) -> None:
        if busy[0]:
            raise TimeoutError(errno.ETIMEDOUT, "the machine is busy")

    text = write(Schedule((nightly(),)), NOW)
    path.write_text(text, newline="")
    synced = SyncedSchedule(TextFile(path), examine)
    synced.open(UTC, NOW)
    assert "busy" in synced.trouble
    with pytest.raises(YulelightError, match="not overwritten"):
        synced.edit(lambda old: add(old, replace(nightly(), uid="second")), UTC, NOW)
    assert path.read_text().splitlines() == text.splitlines()
    busy[0] = False
    assert synced.refresh(UTC, NOW)
    assert (synced.trouble, synced.schedule.entries) == ("", (nightly(),))


def test_a_calendar_that_there_is_never_time_for_is_given_up_until_it_changes(tmp_path: Path) -> None:
    path, tries = tmp_path / "schedule.ics", list[bytes]()

    def examine(data: bytes, zone: str) -> None:
        tries.append(data)
        raise TimeoutError(errno.ETIMEDOUT, "the machine is busy")

    path.write_text(write(Schedule((nightly(),)), NOW))
    synced = SyncedSchedule(TextFile(path), examine)
    for _ in range(9):
        synced.refresh(UTC, NOW)
    assert len(tries) == 3
    path.write_text(write(Schedule((nightly(), replace(nightly(), uid="second"))), NOW))
    synced.refresh(UTC, NOW)
    assert len(tries) == 4


def test_a_refused_change_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"
    synced = opened(path)
    synced.edit(lambda old: add(old, nightly()), UTC, NOW)
    before = path.read_text()
    with pytest.raises(YulelightError):
        synced.edit(lambda old: remove(old, "other", None, "all"), UTC, NOW)
    assert path.read_text() == before


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(YulelightError, match="cannot be saved"):
        SyncedSchedule(TextFile(tmp_path / "file" / "schedule.ics")).edit(
            lambda old: add(old, nightly()), UTC, NOW
        )


def test_two_who_edit_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "schedule.ics"

    def work(name: str) -> None:
        synced = SyncedSchedule(TextFile(path), writer.trusted)
        synced.open(UTC, NOW)
        for number in range(15):
            show = replace(nightly(), uid=f"{name}{number}")
            synced.edit(lambda old, show=show: add(old, show), UTC, NOW)  # type: ignore[misc]

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened(path).schedule.entries) == 45


def test_kill_minus_nine_loses_and_damages_nothing(tmp_path: Path) -> None:
    """YULELIGHT_KILLS says how many; each at a random moment of a write."""
    path, chance = tmp_path / "schedule.ics", random.Random(5)
    done = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, writer.__file__, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(chance.randrange(1, 6)):
            done = int(process.stdout.readline())
        threading.Event().wait(chance.random() * 0.004)
        process.kill()
        said = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        done = int(said[-1]) if said else done
        found = read(path.read_text(), UTC)
        uids = [int(entry.uid) for entry in found.entries]
        assert found.problems == ()
        assert uids[-1] - done in (0, 1)
        assert uids == list(range(uids[0], uids[-1] + 1))
        assert min(uids[-1], writer.KEPT) <= len(uids) <= writer.KEPT + 2
        memory = MEMORY.parse((tmp_path / "memory.json").read_bytes())
        assert memory.playing is not None
        assert int(memory.playing[0]) - done in (0, 1)
    opened(path)
    assert MemoryFile(tmp_path / "memory.json").load().playing is not None
    assert not list(tmp_path.glob(".*.tmp"))
    assert not list(tmp_path.glob("*.original*"))


MEMORY = JsonFile(Path("nowhere.json"), Memory)
KEYS = st.tuples(st.text(max_size=20), st.dates())
MARKS = st.lists(KEYS, max_size=4).map(tuple)


@given(st.builds(Memory, st.none() | KEYS, MARKS, MARKS, MARKS))
def test_memory_survives_its_text(memory: Memory) -> None:
    assert MEMORY.parse(MEMORY.dump(memory)) == memory


@given(st.text(max_size=50) | st.just('{"version": 1, "playing": 5}') | st.just("[" * 10000))
def test_memory_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        MEMORY.parse(text.encode())


def test_a_memory_is_plain() -> None:
    assert b'"2026-12-24"' in MEMORY.dump(Memory(playing=("u", date(2026, 12, 24))))


def test_what_an_earlier_version_wrote_is_read() -> None:
    text = """{
 "version": 1,
 "playing": ["u", "2026-12-24"],
 "interrupted": [["v", "2026-12-23"], ["w", "2026-12-22"]],
 "stopped": [],
 "over": []
}"""
    played, left = ("u", date(2026, 12, 24)), (("v", date(2026, 12, 23)), ("w", date(2026, 12, 22)))
    assert MEMORY.parse(text.encode()) == Memory(played, left)
