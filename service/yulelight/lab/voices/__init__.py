"""Builds a voice separator for Yulelight from published third-party weights."""
