"""What is counted and measured of a running service."""
