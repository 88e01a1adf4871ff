"""What to type to get an optional part's packages, whichever way Yulelight was installed."""

from pathlib import Path

import pytest

from yulelight.core.extras import how_to_install, required

DECLARED = [
    "aiomqtt<3,>=2.5",
    'librosa>=0.11; extra == "evaluate"',
    "scipy>=1.15; extra == 'evaluate'",
    'lgpio>=0.2.2; (python_version < "3.13" and sys_platform == "linux") and extra == "node-pi5"',
]


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    (tmp_path / "venv").mkdir()
    return tmp_path / "venv"


def test_requirements_are_those_of_the_extra_without_markers() -> None:
    assert required(["evaluate"], DECLARED) == ["librosa>=0.11", "scipy>=1.15"]
    assert required(["node-pi5"], DECLARED) == ["lgpio>=0.2.2"]
    assert required(["nothing"], DECLARED) == []


def test_a_clone_is_told_its_script(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup").touch()
    for name, before in ((".venv", ""), ("other", f"VENV={tmp_path}/other ")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".stamp").touch()
        said = how_to_install("train", "torch", prefix=tmp_path / name, clone=tmp_path)
        assert said == f"{before}{tmp_path}/scripts/setup train torch"


def test_pipx_and_uv_and_pip_are_told_packages_that_need_no_registry_entry_of_ours(nowhere: Path) -> None:
    packages = "'onnx>=1.18'"
    said = how_to_install("train", prefix=nowhere, clone=nowhere)
    assert said.startswith(f"{nowhere}/bin/python -m pip install ") and packages in said
    assert "yulelight" not in said.removeprefix(str(nowhere))
    (nowhere / "uv-receipt.toml").touch()
    said = how_to_install("train", prefix=nowhere, clone=nowhere)
    assert said.startswith(f"uv pip install --python {nowhere}/bin/python ") and packages in said
    (nowhere / "pipx_metadata.json").touch()
    said = how_to_install("train", prefix=nowhere, clone=nowhere)
    assert said.startswith("pipx inject yulelight ") and packages in said


def test_no_message_names_a_package_that_no_registry_has() -> None:
    root = Path(__file__).parents[2]
    texts = [*root.glob("service/**/*.py"), *root.glob("docs/*.md"), root / "README.md"]
    wrong = [path for path in texts if "install 'yulelight[" in path.read_text(encoding="utf-8")]
    assert len(texts) > 100 and not wrong
