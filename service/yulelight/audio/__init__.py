"""Audio input from files and streams, and audio output to the sound card."""
