from collections.abc import AsyncIterator

import pytest

from tests.api.stubs import Served, serve


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serve() as running:
        yield running
