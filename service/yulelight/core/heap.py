"""The garbage collector and the lights: what it looks through at once holds up every frame that is due meanwhile."""

import gc


def settle() -> None:
    """Excepts what is there now from garbage collection: what was loaded at the start stays until the end.

    Looking through all of it takes some 25 ms on a PC, ten times as long on a small Pi, and finds nothing.
    """
    gc.collect()
    gc.freeze()
