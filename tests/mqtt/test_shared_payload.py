"""What the service publishes is what the integration's tests feed into Home Assistant: the same file."""

import json
from pathlib import Path
from typing import Any

from yulelight.core.messages import ChannelState, ReleaseChannel, SetChannel, ShowEvent, Song
from yulelight.mqtt import payloads
from yulelight.mqtt.discovery import announcement, device_config
from yulelight.mqtt.topics import Topics

FIXTURE = Path(__file__).parents[1] / "integration" / "discovery.json"
TOPICS = Topics("ab12")


def published() -> list[list[Any]]:
    """Topics and payloads as a service says them when it starts and a show begins."""
    said: list[list[Any]] = [
        list(device_config("ab12", "Our house", "0.1.0", TOPICS)),
        list(announcement("ab12", "Our house", "127.0.0.1", 8770)),
    ]
    for n in range(1, 9):
        state = ChannelState(n, n != 2, 128, "show" if n == 1 else "")
        said.append([TOPICS.channel_state(n), json.loads(payloads.channel_state(state))])
    song = Song("s1", "Carol of the Bells", "Trad.")
    said.append([TOPICS.show_event, json.loads(payloads.show_event(ShowEvent("started", song)))])
    said.append([TOPICS.status, payloads.ONLINE.decode()])
    return said


def test_the_file_is_what_the_service_says() -> None:
    """After a change of the payload: python -m tests.mqtt.test_shared_payload."""
    assert json.loads(FIXTURE.read_text()) == published()


def test_what_home_assistant_sends_in_that_test_is_understood() -> None:
    assert payloads.light_command(3, b'{"state":"ON","brightness":50}') == SetChannel(3, True, 50)
    assert payloads.light_command(3, b'{"state":"ON","effect":"show"}') == ReleaseChannel(3)
    assert payloads.light_command(3, b'{"state":"OFF"}') == SetChannel(3, on=False)


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(published(), indent=1) + "\n")
