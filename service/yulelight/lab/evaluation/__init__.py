"""The scorecard: what a show is worth, measured against its song, the same way for every system.

Metrics are pure functions on arrays. What they compare with is heard by librosa (``reference``), which needs the
[evaluate] extra; nothing else of Yulelight imports this folder but the commands that show its figures.
"""
