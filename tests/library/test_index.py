import json
from pathlib import Path

import pytest

from tests.audio.sounds import burst, write
from tests.library.test_songs import touch
from yulelight.audio.covers import Cover
from yulelight.audio.tags import Tags
from yulelight.library import index
from yulelight.library.reader import FileReader
from yulelight.library.songs import Library


def library(home: Path, reader: FileReader | None = None) -> Library:
    return Library([home / "music"], (), home / "index" / "songs.json", reader)


class NoReader:
    def tags(self, path: Path) -> Tags:
        raise AssertionError("a song was read again")

    def colours(self, song: Path, beside: Path | None = None) -> tuple[str, ...]:
        raise AssertionError("colours were read")

    def cover(self, song: Path, beside: Path | None = None) -> Cover | None:
        raise AssertionError("a cover was read")


def test_a_restart_reads_no_song_again(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    write(tmp_path / "music" / "Gruber - Stille Nacht.wav", burst())
    touch(tmp_path / "music" / "\udcff odd name.mp3")
    first = library(tmp_path)
    before = first.scan()
    first.note(before[0], content="c" * 32)
    first.note(before[1], problem="it is broken")
    first.save()

    again = library(tmp_path, NoReader())
    after = again.scan()
    assert [found.song for found in after] == [found.song for found in before]
    assert (after[0].content, after[1].problem) == ("c" * 32, "it is broken")
    assert again.scan() == after


def test_what_an_older_version_read_is_read_again_but_not_what_it_heard(tmp_path: Path) -> None:
    touch(tmp_path / "music" / "12 Days.mp3")
    first = library(tmp_path)
    first.note(first.scan()[0], content="c" * 32)
    first.save()
    kept = tmp_path / "index" / "songs.json"
    body = json.loads(kept.read_text().replace('"12 Days",', '"Days",'))
    assert "Days" in body["files"][str(tmp_path / "music" / "12 Days.mp3")]
    kept.write_text(json.dumps(body))
    assert library(tmp_path).scan()[0].song.title == "Days"
    del body["reader"]
    kept.write_text(json.dumps(body))
    found = library(tmp_path).scan()[0]
    assert (found.song.title, found.content) == ("12 Days", "c" * 32)


def test_a_changed_file_is_learnt_anew(tmp_path: Path) -> None:
    touch(tmp_path / "music" / "a.wav")
    first = library(tmp_path)
    old = first.note(first.scan()[0], content="c" * 32, problem="no music")
    first.save()
    write(tmp_path / "music" / "a.wav", burst())
    again = library(tmp_path)
    found = again.scan()[0]
    assert (found.song.duration, found.content, found.problem) == (3.0, "", "")
    assert again.note(old, content="d" * 32) == old
    assert again.songs()[0].content == ""


def test_duplicates_are_those_with_the_same_content(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        touch(tmp_path / "music" / f"{name}.mp3")
    made = library(tmp_path)
    a, b, c, d = made.scan()
    a, b, c = made.note(a, content="1"), made.note(b, content="1"), made.note(c, content="2")
    assert made.duplicates(a) == [b.song.id]
    assert made.duplicates(b) == [a.song.id]
    assert made.duplicates(c) == made.duplicates(d) == []


@pytest.mark.parametrize(
    "text", ["", "{", '{"version": 1}', '{"version": 1, "tags": [], "files": 5}', "[" * 100_000]
)
def test_a_corrupt_index_is_set_aside(tmp_path: Path, text: str) -> None:
    touch(tmp_path / "music" / "a.mp3")
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "songs.json").write_text(text)
    made = library(tmp_path)
    assert len(made.scan()) == 1
    made.save()
    assert len(index.load(tmp_path / "index" / "songs.json")) == 1


def test_another_version_of_the_program_tries_broken_songs_again(tmp_path: Path) -> None:
    touch(tmp_path / "music" / "a.mp3")
    first = library(tmp_path)
    first.note(first.scan()[0], content="c" * 32, problem="no music")
    first.save()
    path = tmp_path / "index" / "songs.json"
    body = json.loads(path.read_text())
    body["program"] = "0.0.1"
    path.write_text(json.dumps(body))
    found = library(tmp_path).scan()[0]
    assert (found.content, found.problem) == ("c" * 32, "")
