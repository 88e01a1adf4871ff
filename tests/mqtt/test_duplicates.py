"""Who says in the service's name that it is gone is not believed, and a second service with its identity is named."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import House, ear, eventually
from yulelight.mqtt.duplicates import DuplicateWatch, Instance
from yulelight.mqtt.link import connect
from yulelight.mqtt.payloads import PayloadError

STATUS = "yulelight/ab12/status"
INSTANCE = "yulelight/ab12/instance"


async def becomes(house: House, status: bytes) -> None:
    """Waits until who comes now finds ``status`` retained: a broker may tell others first, and keep it then."""
    async with asyncio.timeout(20):
        while True:
            async with ear(house.address, STATUS) as heard:
                if (await heard.until(STATUS)).payload == status:
                    return


@pytest.mark.parametrize("forged", [b"offline", b"", b"{}", b"\xff" * 2000])
async def test_a_goodbye_that_is_not_ours_is_taken_back(
    house: House, caplog: pytest.LogCaptureFixture, forged: bytes
) -> None:
    async with house.bridged(), ear(house.address, STATUS) as heard:
        await heard.until(STATUS, b"online")
        await heard.client.publish(STATUS, forged, qos=1, retain=True)
        await heard.until(STATUS, forged)
        await heard.until(STATUS, b"online", count=2)
        await becomes(house, b"online")
    assert "published that we are not online" in caplog.text
    await becomes(house, b"offline")


async def test_two_with_one_identity_name_each_other(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.bridged(host="attic"):
        async with house.bridged(host="cellar"):
            await eventually(lambda: "identity runs on attic" in caplog.text)
            await eventually(lambda: "identity runs on cellar" in caplog.text)
        # The second said goodbye in good order; the first is still here.
        await eventually(lambda: "the one on cellar" in caplog.text)
        async with ear(house.address, STATUS) as heard:
            await heard.until(STATUS, b"online")
    assert caplog.text.count("identity runs on") == 2


async def test_the_goodbye_of_the_day_before_is_no_twin(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(house.address) as client:
        await client.publish(STATUS, b"offline", qos=1, retain=True)
    async with house.bridged(), ear(house.address) as heard:
        await heard.client.publish(INSTANCE, b'{"instance": "abc", "host": "x", "asks": true}')
        await eventually(lambda: any(b'"attic", "asks": false' in payload for payload in heard.on(INSTANCE)))
    assert "goodbye" not in caplog.text


@given(
    st.text("0123456789abcdef", min_size=1, max_size=32),
    st.from_regex(r"[\w.-]{0,60}", fullmatch=True),
    st.booleans(),
)
def test_an_instance_is_read_as_it_is_said(instance: str, host: str, asks: bool) -> None:
    said = Instance(instance, host, asks)
    assert Instance.parse(said.payload()) == said


@given(st.binary(max_size=400))
def test_noise_is_no_instance(noise: bytes) -> None:
    with pytest.raises(PayloadError):
        Instance.parse(noise)


def test_only_a_question_is_answered_and_never_to_oneself() -> None:
    duplicates = DuplicateWatch("attic")
    assert duplicates.heard(duplicates.hello()) is None
    assert duplicates.heard(Instance("other", "cellar", asks=False)) is None
    answer = duplicates.heard(Instance("other", "cellar", asks=True))
    assert answer is not None and not answer.asks and answer.host == "attic"
