"""Training of encoders: data sets, architectures, measures and the ONNX export. Needs the [train] extra."""
