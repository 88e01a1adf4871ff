"""What the command line offers; ``yulelight.commands.cli`` puts it together."""
