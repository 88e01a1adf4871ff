"""The log that a person downloads: bounded, and without what opens the house."""

import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.telemetry.log_book import LogBook, without_secrets

SECRETS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=8, max_size=60)
AROUND = st.text(max_size=80)


@given(AROUND, SECRETS, AROUND)
def test_a_known_secret_is_nowhere(before: str, secret: str, after: str) -> None:
    assert secret not in without_secrets(before + secret + after, [secret, "another-one"])


@given(
    st.sampled_from(
        [
            "token={}",
            "http://house:8770/#token={}",
            "Authorization: Bearer {}",
            "{{'token': '{}'}}",
            '{{"password": "{}"}}',
            "mqtt://user:{}@broker:1883",
            "password = {}",
            "GET /api/v1/audio/1.mp3?sig={}",
            "Basic {}",
            "api_key: {}",
            "TOKEN={};",
        ]
    ),
    SECRETS,
    AROUND.filter(lambda text: "\n" not in text),
)
def test_an_unknown_secret_is_hidden_where_its_place_tells(form: str, secret: str, before: str) -> None:
    told = without_secrets(before + " " + form.format(secret))
    assert secret not in told.removeprefix(before)


@pytest.mark.parametrize(
    "line",
    [
        "the page: http://192.168.1.5:8770/",
        "scheduler: Carols did not start: there is no playlist 'Carols'; make it first",
        "node porch: its clock is 12 ms off",
        "`yulelight token` shows the token that opens the page",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert without_secrets(line, ["a-long-secret"]) == line


def test_two_secrets_of_which_one_holds_the_other() -> None:
    assert "abcdefgh" not in without_secrets("x abcdefgh-more x abcdefgh x", ["abcdefgh", "abcdefgh-more"])


def test_it_keeps_the_last_lines_and_no_more() -> None:
    book, log = LogBook(["s3cr3t-t0ken"]), logging.getLogger("yulelight.test_log_book")
    log.addHandler(book)
    log.setLevel(logging.INFO)
    try:
        for n in range(5000):
            log.info("line %d", n)
        log.info("long %s", "x" * 100_000)
        log.error("token was s3cr3t-t0ken", exc_info=ValueError("s3cr3t-t0ken"))
        log.info("many\n%s", "lines\n" * 100_000)
    finally:
        log.removeHandler(book)
    text = book.text()
    assert len(text.splitlines()) <= 2000 and len(text) < 2_000 * 2_100
    assert "line 4999" in text and "line 0\n" not in text
    assert "s3cr3t" not in text and quote("s3cr3t") not in text
    assert "ValueError" in text


def test_half_a_secret_at_the_end_of_a_line_is_none_either() -> None:
    book = LogBook(["s3cr3t-t0ken"])
    for padding in range(1900, 2010):
        book.handle(logging.LogRecord("a", logging.INFO, "", 0, "x" * padding + "s3cr3t-t0ken", None, None))
    assert "s3c" not in book.text()
