"""What the dead man's switch of lights on a broker is told."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.deadman import pack, unpack
from yulelight.mqtt.devices.device import Message

TEXT = st.text(max_size=20)
ADDRESSES = st.builds(
    BrokerAddress, TEXT, st.integers(1, 65535), st.none() | TEXT, st.none() | TEXT, st.booleans()
)


@given(ADDRESSES, st.lists(st.builds(Message, TEXT, TEXT.map(str.encode)), max_size=4))
def test_it_is_told_everything(address: BrokerAddress, messages: list[Message]) -> None:
    assert unpack(pack(address, messages)) == (address, messages)
