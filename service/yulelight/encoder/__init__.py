"""Encoders: ONNX models that turn spectrum frames into eight light levels."""
