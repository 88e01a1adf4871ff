import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import UsageError
from yulelight.mqtt.address import BrokerAddress


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://house", BrokerAddress("house")),
        ("house:1884", BrokerAddress("house", 1884)),
        ("mqtts://house", BrokerAddress("house", 8883, tls=True)),
        ("mqtt://u:p@10.0.0.2:1884/", BrokerAddress("10.0.0.2", 1884, "u", "p")),
        ("mqtt://u@[::1]:1884", BrokerAddress("::1", 1884, "u")),
        ("mqtt://u:p%40s%2Fs@house", BrokerAddress("house", 1883, "u", "p@s/s")),
    ],
)
def test_addresses(url: str, address: BrokerAddress) -> None:
    assert BrokerAddress.parse(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mqtt://",
        "http://house",
        "mqtt://house:0",
        "mqtt://house:99999",
        "mqtt://house:x",
        "mqtt://house/topic",
        "mqtt://ho use",
        "mqtt://:secret@house",
        "mqtt://house?x=1",
        "mqtt://[::1",
    ],
)
def test_nonsense_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError, match="mqtt://user:password@") as caught:
        BrokerAddress.parse(url)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused_in_words(text: str) -> None:
    try:
        address = BrokerAddress.parse(text)
    except UsageError:
        return
    assert address.host and 0 < address.port < 65536


def test_the_password_is_not_shown() -> None:
    address = BrokerAddress("house", username="u", password="secret")
    assert "secret" not in repr(address) + str(address)
    assert str(BrokerAddress("::1")) == "[::1]:1883"
