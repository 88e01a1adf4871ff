"""Integrations of Home Assistant."""
