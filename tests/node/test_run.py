from pathlib import Path

from yulelight.core.identity import load_or_make
from yulelight.node.run import own_password


def test_the_password_of_this_machine_is_only_for_its_own_service(tmp_path: Path) -> None:
    assert own_password(tmp_path, "x", local=True) is None
    assert list(tmp_path.iterdir()) == []
    own = load_or_make(tmp_path)
    assert own_password(tmp_path, own.id, local=False) == own.broker_password
    assert own_password(tmp_path, None, local=True) == own.broker_password
    assert own_password(tmp_path, "another", local=False) is None
