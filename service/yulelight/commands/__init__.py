"""What the command line offers; ``yulelight.cli`` puts it together."""
