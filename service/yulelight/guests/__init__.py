"""Wishes of neighbours: who may wish for which song, and when."""
