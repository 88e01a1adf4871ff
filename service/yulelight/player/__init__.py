"""Playback: the director, its sessions, programs and queue."""
