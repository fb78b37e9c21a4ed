"""What many ask for at once is made once."""

import asyncio

import pytest

from services.errors import StorageUnavailable
from web.shared import Shared


class Maker:
    def __init__(self, trouble: Exception | None = None) -> None:
        self.made = 0
        self.trouble = trouble

    async def __call__(self) -> int:
        self.made += 1
        await asyncio.sleep(0.01)
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        return self.made


async def test_many_who_ask_at_once_get_the_same_and_later_ones_while_it_is_fresh() -> None:
    shared = Shared(Maker(), fresh_s=60)
    assert await asyncio.gather(*(shared.get() for _ in range(20))) == [1] * 20
    assert await shared.get() == 1
    shared.forget()
    assert await shared.get() == 2


async def test_an_error_is_told_to_all_who_wait_and_not_kept() -> None:
    shared = Shared(Maker(StorageUnavailable("away")), fresh_s=60)
    told = await asyncio.gather(*(shared.get() for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [StorageUnavailable] * 3
    assert await shared.get() == 2


async def test_who_goes_away_leaves_it_to_the_others() -> None:
    shared = Shared(Maker(), fresh_s=60)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(shared.get(), 0.001)
    assert await shared.get() == 1
    await shared.aclose()
