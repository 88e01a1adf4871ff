"""Where sound to be lit comes from."""
