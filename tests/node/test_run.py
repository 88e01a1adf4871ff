from pathlib import Path

import pytest

from yulelight.errors import UsageError
from yulelight.identity import load_or_make
from yulelight.mqtt.topics import is_id
from yulelight.node.run import make_driver, own_id, own_password


def test_drivers_are_named() -> None:
    assert make_driver("simulated").name == "simulated"
    for name in ("pigpio", "lasers"):
        with pytest.raises(UsageError, match=f"no driver '{name}'.*simulated"):
            make_driver(name)


def test_the_password_of_this_machine_is_only_for_its_own_service(tmp_path: Path) -> None:
    assert own_password(tmp_path, "x", local=True) is None
    assert list(tmp_path.iterdir()) == []
    own = load_or_make(tmp_path)
    assert own_password(tmp_path, own.id, local=False) == own.broker_password
    assert own_password(tmp_path, None, local=True) == own.broker_password
    assert own_password(tmp_path, "another", local=False) is None


def test_this_machines_name_is_an_id() -> None:
    assert is_id(own_id())
