"""The scorecard: measures how well a show fits its song, in the same way for every system.

Metrics are pure functions on arrays. Their reference is librosa's analysis of the song (``reference``), which needs
the [evaluate] extra. Only the commands that print the results import this package.
"""
