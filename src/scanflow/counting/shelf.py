"""A list that is never changed: each change gives a new one and shares nearly all of the old.

A batch of a hundred thousand sheets makes as many states, one an event; copying a plain tuple each time would
cost the square of it. Two levels of tuples of :data:`_SLOT` cost a few hundred pointers a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_SLOT = 256


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """An immutable sequence with cheap ``append`` and ``put``, indexed from 0."""

    _slots: tuple[tuple[T, ...], ...] = ()
    _length: int = 0

    @classmethod
    def of(cls, items: Iterable[T]) -> Shelf[T]:
        """A shelf with these items."""
        every = tuple(items)
        return cls(tuple(every[at : at + _SLOT] for at in range(0, len(every), _SLOT)), len(every))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        for slot in self._slots:
            yield from slot

    def __getitem__(self, index: int) -> T:
        if not 0 <= index < self._length:
            raise IndexError(index)
        return self._slots[index // _SLOT][index % _SLOT]

    def append(self, item: T) -> Shelf[T]:
        """The same with one more at the end."""
        if self._length % _SLOT == 0:
            return Shelf((*self._slots, (item,)), self._length + 1)
        return Shelf((*self._slots[:-1], (*self._slots[-1], item)), self._length + 1)

    def put(self, index: int, item: T) -> Shelf[T]:
        """The same with another item at ``index``."""
        if not 0 <= index < self._length:
            raise IndexError(index)
        at, within = divmod(index, _SLOT)
        slot = self._slots[at]
        changed = (*slot[:within], item, *slot[within + 1 :])
        return Shelf((*self._slots[:at], changed, *self._slots[at + 1 :]), self._length)
