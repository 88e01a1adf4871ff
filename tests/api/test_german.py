"""The service's sentences in German: none is missing, and none is left from a text that has changed."""

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from tests.api.stubs import TOKEN, Served
from tests.api.texts import everything, sentences
from yulelight.api import languages
from yulelight.api.languages import Catalogue, language_of

GERMAN = languages.sentences()


def filled(text: str, words: list[str]) -> str:
    """``text`` with these words for its placeholders, in order."""
    left = iter(words)
    return re.sub(r"\{\}", lambda _: next(left), text)


def test_every_sentence_that_people_read_is_there() -> None:
    missing = sorted(sentences() - GERMAN.keys())
    assert not missing, f"api/german.toml lacks {missing}"


def test_no_sentence_is_left_from_a_text_that_changed() -> None:
    texts = everything()

    def written(sentence: str) -> bool:
        # A sentence may be put together from several texts.
        pieces = [piece for piece in sentence.split("{}") if piece.strip(" ;:")]
        return sentence in texts or all(any(piece in text for text in texts) for piece in pieces)

    assert [sentence for sentence in GERMAN if not written(sentence)] == []


@pytest.mark.parametrize("sentence", GERMAN)
def test_a_translation_says_all_that_was_filled_in(sentence: str) -> None:
    numbers = count(1)
    words = [f"«{next(numbers)}»" for _ in range(sentence.count("{}"))]
    told = Catalogue({sentence: GERMAN[sentence]}).translate(filled(sentence, words))
    assert "{" not in told.replace("[[", "")
    together = "{}{}" in sentence or "{1:.0}" in GERMAN[sentence]
    assert together or sorted(re.findall("«.*?»", told)) == words
    assert told != filled(sentence, words) or sentence == "{}: {}"


@given(st.data())
def test_whatever_is_filled_in_the_right_sentence_is_found(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(sorted(GERMAN)))
    names = st.text("abcdefghijk", min_size=1, max_size=8)
    words = [data.draw(names) for _ in range(sentence.count("{}"))]
    told = languages.german().translate(filled(sentence, words))
    alone = Catalogue({sentence: GERMAN[sentence]}).translate(filled(sentence, words))
    # A more general sentence may have the same text, but never a better translation.
    assert told == alone or (len(told) > 0 and told != filled(sentence, words))


@given(st.text(max_size=3000))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(languages.german().translate(text), str)


@pytest.mark.parametrize(
    "text", ["there is no look " * 50, "; did you mean " * 60, ": " * 490, "a" * 1_000_000]
)
def test_no_text_takes_long(text: str) -> None:
    languages.german().translate(text)


def test_names_that_people_chose_stay() -> None:
    said = languages.german().translate("the playlist 'sound' has no song that can be played")
    assert "'sound'" in said and said.startswith("in der Playlist")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr,de;q=0.7,en;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=much, en", "en"),
        (";;;,,,q=", "en"),
        ("DE-ch", "de"),
    ],
)
def test_the_language_that_a_browser_prefers(header: str | None, language: str) -> None:
    assert language_of(header) == language


async def test_browsers_hear_their_language_and_programs_english(served: Served) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    body = {"command": "resume"}
    said = {}
    for language in ("de-DE,de;q=0.9", "en", ""):
        accepts = {"Accept-Language": language} if language else {}
        async with (
            ClientSession(served.url, headers={**headers, **accepts}) as http,
            http.post("/api/v1/control", json=body) as answer,
        ):
            assert answer.status == 409
            said[language] = (await answer.json())["error"]
    assert said["en"] == said[""] == "nothing is paused; start a song with play"
    async with (
        ClientSession(served.url, headers={**headers, "Accept-Language": "de"}) as http,
        http.get("/api/v1/channels/9") as answer,
    ):
        assert answer.status == 405
    async with (
        ClientSession(served.url, headers={**headers, "Accept-Language": "de"}) as http,
        http.delete("/api/v1/channels/9") as answer,
    ):
        assert (await answer.json())["error"] == "diesen Kanal gibt es nicht; Kanäle gehen von 1 bis 8"
        assert answer.headers["Content-Language"] == "de"


async def test_health_and_the_control_channel_speak_german(served: Served) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": "de"}
    async with ClientSession(served.url, headers=headers) as http:
        async with http.get("/api/v1/health") as answer:
            found = (await answer.json())["findings"]
        assert "Modell" in [each["what"] for each in found]
        async with http.ws_connect("/api/v1/ws") as socket:
            assert (await socket.receive_json())["type"] == "server"
            await socket.send_json({"id": 1, "type": "channel", "channel": 12, "on": True})
            assert (await _result(socket))["ok"] is False
            await socket.send_json({"id": 2, "type": "control", "command": "play", "song": "zz"})
            told = await _result(socket)
            assert told["error"].startswith("dieses Lied gibt es nicht")


async def _result(socket: Any) -> Any:
    while (message := await socket.receive_json())["type"] != "result":
        pass
    return message


def test_it_lies_beside_the_code() -> None:
    assert (Path(languages.__file__).parent / "german.toml").is_file()
