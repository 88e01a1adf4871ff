"""Drivers for a Raspberry Pi's pins, and for simulated lights in a terminal."""
