"""Drivers of a Raspberry Pi's pins, and of simulated lights in a terminal."""
