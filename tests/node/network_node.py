"""A node as a service manager starts it, which first says what it has imported: python -m tests.node.network_node."""

import sys

from yulelight.node.__main__ import main

HEAVY = ("numpy", "onnxruntime", "aiohttp")

if __name__ == "__main__":
    import atexit

    atexit.register(lambda: print("imported:", *(name for name in HEAVY if name in sys.modules), flush=True))
    sys.exit(main())
