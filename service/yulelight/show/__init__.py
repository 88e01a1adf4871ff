"""Maps codes to light: pure functions on arrays and small frozen states, without clocks or sockets."""
