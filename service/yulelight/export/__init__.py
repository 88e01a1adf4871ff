"""Exports shows for other programs: FSEQ sequences, timing tracks, and a Falcon Player on the network."""
