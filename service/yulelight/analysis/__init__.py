"""Analysis of a song: beats, bars, sections and principal components. Pure functions on arrays."""
