"""What is there at the start is not looked through again."""

import subprocess
import sys

SCRIPT = """
import gc
from yulelight.core.heap import settle
kept = [[] for _ in range(100_000)]
settle()
known = {id(one) for one in gc.get_objects()}
assert not any(id(one) in known for one in kept)
later = []
later.append(later)
assert any(one is later for one in gc.get_objects())
del later
assert gc.collect() > 0
"""


def test_only_what_comes_later_is_collected() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
