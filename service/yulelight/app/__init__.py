"""Builds the service from its settings, runs it and examines it."""
