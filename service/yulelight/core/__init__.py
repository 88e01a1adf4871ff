"""Shared by all other packages: errors, messages, storage, identity and text."""
