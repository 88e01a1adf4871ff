"""Spectrum frames from samples: pure functions on arrays, no clock, no file, no socket."""
