import json
import subprocess
import sys

import pytest

resource = pytest.importorskip("resource")

RAISE = """
import json, resource
soft, hard = {before}
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from yulelight.core.process import raise_file_limit
print(json.dumps([raise_file_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE)]))
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [((256, 1024), 1024), ((1024, 1024), 1024), ((300, 4096), 4096)],
)
def test_the_soft_limit_of_open_files_is_raised_as_far_as_the_hard_one(
    before: tuple[int, int], after: int
) -> None:
    said = subprocess.run(
        [sys.executable, "-c", RAISE.format(before=before)], capture_output=True, check=True, text=True
    ).stdout
    assert json.loads(said) == [after, after, before[1]]
