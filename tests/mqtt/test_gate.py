import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.connect import Connect
from yulelight.mqtt.gate import Login

fields = st.binary(max_size=40)


def connect_body(
    *,
    level: int = 4,
    keepalive: int = 60,
    will: tuple[bytes, bytes] | None = None,
    username: bytes | None = None,
    password: bytes | None = None,
) -> bytes:
    flags = 2 | (will is not None) << 2 | (username is not None) << 7 | (password is not None) << 6
    five = level == 5
    properties = b"\x05\x11\x00\x00\x00\x3c" if five else b""  # session expiry: a minute
    will_properties = b"\x00" if five else b""

    def field(part: bytes) -> bytes:
        return len(part).to_bytes(2, "big") + part

    body = (
        b"\x00\x04MQTT" + bytes((level, flags)) + keepalive.to_bytes(2, "big") + properties + field(b"client")
    )
    if will is not None:
        body += will_properties + b"".join(map(field, will))
    return body + b"".join(field(part) for part in (username, password) if part is not None)


@given(
    st.sampled_from([4, 5]),
    st.integers(0, 65535),
    st.none() | st.tuples(fields, fields),
    st.none() | fields,
    st.none() | fields,
)
def test_user_and_password_are_found_behind_everything_else(
    level: int,
    keepalive: int,
    will: tuple[bytes, bytes] | None,
    username: bytes | None,
    password: bytes | None,
) -> None:
    body = connect_body(level=level, keepalive=keepalive, will=will, username=username, password=password)
    assert Connect.parse(body) == Connect(level, keepalive, username or b"", password or b"")


@given(st.binary(max_size=60), st.integers(0, 60), st.sampled_from([4, 5]))
def test_noise_and_cut_packets_are_refused(noise: bytes, cut: int, level: int) -> None:
    whole = connect_body(level=level, username=b"u", password=b"p")
    for body in (noise, whole[: min(cut, len(whole) - 1)], whole + noise + b"x"):
        with pytest.raises(ValueError):
            Connect.parse(body)


@given(fields, fields)
def test_only_the_right_login_is_accepted(username: bytes, password: bytes) -> None:
    login = Login("yulelight", "sesame")
    assert login.accepts(username, password) == ((username, password) == (b"yulelight", b"sesame"))
    assert login.accepts(b"yulelight", b"sesame")


def packet(body: bytes) -> bytes:
    return bytes((0x10, len(body))) + body


async def answer_to(port: int, data: bytes) -> bytes:
    """What the broker answers before it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        async with asyncio.timeout(20):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
