"""Actors that look after the music: found, watched, rendered ahead."""
