"""`python -m yulelight`."""

from yulelight.cli import main

main()
