"""The commands of the command line, combined in ``yulelight.commands.cli``."""
