"""Yulelight: music in, Christmas lights out."""

__version__ = "0.1.0"
