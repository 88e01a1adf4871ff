"""What nodes are told of lights that hang on outputs."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.payloads import HouseLights
from yulelight.outputs.base import node_id
from yulelight.outputs.pixels import Range, Strip


@given(st.from_regex(r"[A-Za-z0-9 _-]{1,40}", fullmatch=True))
def test_every_name_of_an_output_can_be_told_to_nodes(name: str) -> None:
    lights = Strip(3, (Range(2, 0, 3),), 2.2).lights(node_id(name))
    assert HouseLights.parse(HouseLights(lights).payload()).lights == lights
