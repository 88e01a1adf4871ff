"""Shows as files that other programs play: FSEQ sequences, timing tracks, and a Falcon Player on the network."""
