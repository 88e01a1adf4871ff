"""WLED: found, asked how it is made, borrowed for the show and given back as it was."""
