"""The limits that every frame of light keeps: flashes, minimum times and power. Pure; imports nothing above it.

Modules here import only each other, by relative names: Home Assistant's integration ships a copy of them.
"""
