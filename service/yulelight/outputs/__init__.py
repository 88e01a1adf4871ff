"""What carries light to lamps: timeline and guard."""
