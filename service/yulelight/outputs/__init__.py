"""Light outputs: drivers, timeline and guard."""
