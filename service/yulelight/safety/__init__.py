"""The limits that every frame of light keeps: flashes, minimum times and power. Pure; imports nothing above it."""
