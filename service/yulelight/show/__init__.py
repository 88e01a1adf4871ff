"""From codes to light: pure functions on arrays and small frozen states; no clock, no socket."""
