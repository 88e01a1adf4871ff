"""Files that are no models, and models that break the contract, are refused with one line that helps."""

from pathlib import Path

import pytest
from onnx import TensorProto, load_model_from_string, save_model

from tests.encoder import build
from yulelight.core.errors import ModelError
from yulelight.encoder.model import MAX_FILE_BYTES, load


def refusal(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"model {path.name} ")
    assert "\n" not in message
    assert len(message) < 300
    return message


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "bad.onnx"
    path.write_bytes(data)
    return refusal(path)


def test_good_models_load(tmp_path: Path) -> None:
    for index, data in enumerate((build.model(), build.with_memory())):
        path = tmp_path / f"{index}.onnx"
        path.write_bytes(data)
        assert load(path).manifest.name == "test"


def test_missing_file(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "absent.onnx")


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.onnx").mkdir()
    assert "cannot be read" in refusal(tmp_path / "folder.onnx")


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.onnx"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "larger than 200 MB" in refusal(path)


@pytest.mark.parametrize("data", [b"not a model", b"\x00" * 5000, b"<html>404</html>", b"\xff" * 100])
def test_something_else(tmp_path: Path, data: bytes) -> None:
    assert "not an ONNX model" in refused(tmp_path, data)


def test_empty_file(tmp_path: Path) -> None:
    assert "empty file" in refused(tmp_path, b"")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_truncated_file(tmp_path: Path, share: float) -> None:
    whole = build.model()
    refused(tmp_path, whole[: int(len(whole) * share)])


def test_weights_in_another_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bad.onnx"
    save_model(
        load_model_from_string(build.model()),
        path,
        save_as_external_data=True,
        location="w",
        size_threshold=0,
    )
    refusal(path)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"contract": "2"}, "contract version '2'"),
        ({"contract": None}, "lacks the property yulelight.contract"),
        ({"sample_rate": "22050"}, "sample_rate 22050"),
        ({"window": "2048"}, "window 2048"),
        ({"hop": "256"}, "hop 256"),
        ({"hop": "half"}, "not a whole number"),
        ({"hop": "9" * 5000}, "not a whole number"),
        ({"channels": "16"}, "channels 16"),
        ({"latency_frames": "-1"}, "not a whole number"),
        ({"latency_frames": "100000"}, "lags 100000 frames"),
        ({"name": " "}, "lacks the property yulelight.name"),
        ({"training_set": None}, "lacks the property yulelight.training_set"),
        ({"licence": None}, "lacks the property yulelight.licence"),
        ({"metrics": "[]"}, "not a JSON object"),
        ({"metrics": "[" * 100_000}, "not a JSON object"),
    ],
)
def test_manifest(tmp_path: Path, properties: dict[str, str | None], expected: str) -> None:
    assert expected in refused(tmp_path, build.model(properties=properties))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (build.model(bins=512), "[any number of frames, 513]"),
        (build.model(channels=7), "[any number of frames, 8]"),
        (build.model(frames=1), "[any number of frames, 513]"),
        (build.model(kind=TensorProto.DOUBLE), "must be float32"),
        (build.model(input_name="audio"), "no tensor named 'magnitudes'"),
        (build.model(output_name="lights"), "no tensor named 'levels'"),
        (build.with_memory(next_name="next_state_other"), "needs a next_state_x of its shape"),
        (build.with_memory(next_name="state_new"), "needs a next_state_x of its shape"),
        (build.with_memory(past="frames_before"), "must be fixed"),
        (build.model(last="Identity"), "must be 0 to 1"),
        (build.model(last="Relu"), "must be 0 to 1"),
        (build.with_voice(output="singing"), "no tensor named 'voice'"),
        (build.with_voice(width=2), "[any number of frames, 1]"),
        (build.with_voice(channel="0"), "must be 1 to 8"),
        (build.with_voice(channel="9"), "must be 1 to 8"),
        (build.with_voice(channel="two"), "is not a whole number"),
        (build.with_voice(channel=None), "needs a next_state_x of its shape"),
        (build.with_voice(last="Neg"), "a voice that is not between 0 and 1"),
        (build.undefined_for_silence(), "silence with numbers that are not finite"),
    ],
)
def test_tensors_and_answers(tmp_path: Path, data: bytes, expected: str) -> None:
    assert expected in refused(tmp_path, data)


def test_state_that_does_not_fit(tmp_path: Path) -> None:
    """A memory of three frames for a calculation that holds for two: the model itself cannot run."""
    refused(tmp_path, build.with_memory(past=3, next_shape=(3, 513)))
