"""Sound in, from files and streams, and sound out to the sound card."""
