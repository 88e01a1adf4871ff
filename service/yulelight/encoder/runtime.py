"""Opens ONNX sessions. onnxruntime is imported here alone, when the first model is opened: it takes 20 MB."""

import os
from typing import Any

# From 1.29 on, onnxruntime sends telemetry unless this is set before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def opened(data: bytes) -> Any:
    """A session of one thread for the model ``data``. Raises an exception of onnxruntime, which have no common base."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # A model is one complete file; external weights are looked up in a folder that does not exist.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", os.devnull)
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
