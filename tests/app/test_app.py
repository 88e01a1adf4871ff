"""The app's start script: what its options become for the service. Functions stand in for the Supervisor's helpers."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from yulelight.app.settings import Settings, load
from yulelight.mqtt.address import BrokerAddress
from yulelight.show.look import LOOKS

APP = Path(__file__).parents[2] / "app" / "yulelight"
RUN = APP / "rootfs" / "etc" / "services.d" / "yulelight" / "run"
SUPERVISOR = """\
bashio::config() { jq -r --arg key "$1" '.[$key] // "null"' "$OPTIONS"; }
bashio::config.has_value() { [ "$(bashio::config "$1")" != null ]; }
bashio::services.available() { [ -n "$HAS_BROKER" ]; }
bashio::services() {
  case "$2" in
    username) printf 'me' ;; password) printf 'a b/c' ;; host) echo core-mosquitto ;; port) echo 1883 ;;
  esac
}
bashio::var.json() { printf '%s ' "$@"; }
bashio::discovery() { echo "$1 $2" >&2; }
bashio::log.info() { echo "$1" >&2; }
bashio::log.warning() { echo "$1" >&2; }
curl() { true; }
/opt/yulelight/bin/yulelight() { echo the-token; }
exec() { printf '%s\\n' "$*" >&2; env; }
bashio::jq() { jq --raw-output --compact-output --monochrome-output "$2" "$OPTIONS"; }
"""
pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="needs jq, as the app has it")


def config() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((APP / "config.yaml").read_text())
    return found


def started(folder: Path, has_broker: bool = False, **options: Any) -> tuple[Settings, str]:
    """What the service would be told with these options, and what the script said."""
    told = folder / "options.json"
    told.write_text(json.dumps({**config()["options"], **options}))
    script = SUPERVISOR + RUN.read_text()
    environment = {"PATH": os.environ["PATH"], "OPTIONS": str(told), "HAS_BROKER": "1" if has_broker else ""}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    variables = dict(re.findall(r"^(YULELIGHT_\w+)=(.*)$", done.stdout, re.MULTILINE))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load(), done.stderr


def test_as_it_is_installed(tmp_path: Path) -> None:
    settings, said = started(tmp_path)
    assert (settings.name, settings.look) == ("Yulelight", "lively")
    assert settings.music == [Path("/media")] and settings.data == Path("/config")
    assert settings.sound.enabled and settings.sound.output == "local" and settings.sound.device is None
    assert settings.mqtt.broker is None
    assert "token the-token" in said, "Home Assistant is told"
    assert "yulelight serve\n" in said


@pytest.mark.parametrize(
    ("options", "sound"),
    [
        ({"output": "none"}, (False, "local", None)),
        ({"output": "player"}, (True, "remote", None)),
        ({"output": "card", "card": "USB Audio"}, (True, "local", "USB Audio")),
    ],
)
def test_where_it_sounds(
    tmp_path: Path, options: dict[str, Any], sound: tuple[bool, str, str | None]
) -> None:
    found = started(tmp_path, **options)[0].sound
    assert (found.enabled, found.output, found.device) == sound


def test_the_player_in_music_assistant(tmp_path: Path) -> None:
    assert [each.type for each in started(tmp_path)[0].input] == ["sendspin"]
    assert started(tmp_path, music_assistant=False)[0].input == []


def test_the_broker(tmp_path: Path) -> None:
    """Home Assistant's own, with what is odd in a password kept whole; a chosen one comes first."""
    broker = started(tmp_path, has_broker=True)[0].mqtt.broker
    assert broker is not None
    ours = BrokerAddress.parse(broker)
    assert (ours.host, ours.port, ours.username, ours.password) == ("core-mosquitto", 1883, "me", "a b/c")
    chosen: dict[str, Any] = {"broker": "mqtt://you:pw@10.0.0.2:1884"}
    assert started(tmp_path, **chosen)[0].mqtt.broker == chosen["broker"]


def test_looks_are_the_services() -> None:
    offered = re.fullmatch(r"list\((.*)\)", config()["schema"]["look"])
    assert offered is not None and set(offered[1].split("|")) == set(LOOKS)
