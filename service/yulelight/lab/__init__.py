"""Training, evaluation, films and comparison of songs. Not imported by the service."""
