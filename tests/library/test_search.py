from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.audio.tags import Tags
from yulelight.core.messages import Song
from yulelight.core.text import folded
from yulelight.library.search import search
from yulelight.library.songs import LibrarySong

SONGS = [
    LibrarySong(Song(str(number), title, artist), Path(title), Tags(title, artist, album))
    for number, (title, artist, album) in enumerate(
        [
            ("Carol of the Bells", "Leontovych", "Choirs"),
            ("Jingle Bells", "Pierpont", "Sleighs"),
            ("Ó Tannenbaum", "Anschütz", "Choirs"),
            ("Straße im Schnee", "", ""),
        ]
    )
]


def ids(words: str = "", artist: str = "", album: str = "") -> str:
    return "".join(found.song.id for found in search(SONGS, words, artist, album))


def test_words_are_found_in_any_order_whatever_their_case_and_accents() -> None:
    assert ids() == "0123"
    assert ids("bells") == "01"
    assert ids("BELLS carol") == "0"
    assert ids("o tannen ANSCHUTZ") == "2"
    assert ids("strasse") == "3"
    assert ids("bells tannenbaum") == ""


def test_artist_and_album_are_exact() -> None:
    assert ids(album="choirs") == "02"
    assert ids("bells", album="Choirs") == "0"
    assert ids(artist="anschutz") == "2"
    assert ids(artist="ansch") == ""


@settings(deadline=None)
@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@settings(deadline=None)
@given(st.text(max_size=20), st.integers(0, 3))
def test_a_song_is_found_by_any_part_of_its_title(words: str, number: int) -> None:
    found = search(SONGS, words)
    assert all(song in SONGS for song in found)
    title = SONGS[number].tags.title
    assert SONGS[number] in search(SONGS, title[number:])


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_folded_as_text_with_accents_is(text: str) -> None:
    assert folded(text) == folded(f"{text}\u0301")
    assert folded(text.upper()) == folded(text)
