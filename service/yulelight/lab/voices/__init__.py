"""Makes a voice separator for Yulelight of weights that somebody else trained and published."""
