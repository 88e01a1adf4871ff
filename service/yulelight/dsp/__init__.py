"""Spectrum frames from samples: pure functions on arrays, without clocks, files or sockets."""
