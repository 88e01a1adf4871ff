# A copy of service/yulelight/safety/__init__.py, made by scripts/share.
"""The limits that every frame of light keeps: flashes, minimum times and power. Pure; imports nothing above it.

Modules here import only each other, by relative names: Home Assistant's integration ships a copy of them.
"""
