"""`python -m yulelight`."""

from yulelight.commands.cli import main

main()
