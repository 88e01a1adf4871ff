# A copy of service/yulelight/safety/frame.py, made by scripts/share.
"""A frame of light: what every channel shows at one time."""

LightFrame = tuple[bytes, tuple[bool, ...]]
"""For each channel a level (one byte) and an on/off state."""
SWITCHED_ABOVE = 25
"""A relay is on where the level of a scene is above this."""
