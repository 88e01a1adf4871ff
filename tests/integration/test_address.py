"""What people write where an address is asked for."""

import pytest
from custom_components.yulelight.address import Address, parse_address
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("yulelight.local", "yulelight.local", 8770),
        (" 192.168.1.5 ", "192.168.1.5", 8770),
        ("192.168.1.5:8771", "192.168.1.5", 8771),
        ("http://192.168.1.5", "192.168.1.5", 8770),
        ("http://yulelight.local:8771/", "yulelight.local", 8771),
        ("HTTP://Yulelight.local/page", "yulelight.local", 8770),
        ("http://house:80", "house", 80),
        ("fd00::1", "fd00::1", 8770),
        ("[fd00::1]:8771", "fd00::1", 8771),
        ("http://[fd00::1]:8771/", "fd00::1", 8771),
    ],
)
def test_what_names_a_place(text: str, host: str, port: int) -> None:
    assert parse_address(text, 8770) == Address(host, port)


def test_the_address_that_the_service_prints() -> None:
    found = parse_address("http://192.168.1.5:8770/#token=s3cr-et_", 9999)
    assert found == Address("192.168.1.5", 8770, "s3cr-et_")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "https://house.local",
        "ftp://house",
        "http://",
        "house:port",
        "house:99999",
        "ho use",
        "a:b@c",
    ],
)
def test_what_names_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_address(text, 8770)


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    try:
        found = parse_address(text, 8770)
    except ValueError:
        return
    assert found.host and 0 <= found.port < 65536
