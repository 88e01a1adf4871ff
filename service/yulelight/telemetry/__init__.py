"""Metrics of a running service."""
