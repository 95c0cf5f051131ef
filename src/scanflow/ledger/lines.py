"""Reading the file: complete lines in blocks, fast, without taking their word for anything (đọc tệp sổ)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Final

from scanflow.ledger.entry import Entry, ending, parse
from scanflow.ledger.errors import LedgerDamaged, LedgerMissing
from scanflow.ledger.event import Event
from scanflow.ledger.merkle import Hash
from scanflow.ledger.tree import BLOCK

_CHUNK: Final = 1 << 20
MAX_LINE: Final = 1 << 16
"""Longest line that can be an entry; the longest that the catalogue allows is well below."""


class Reader:
    """The lines of a ledger file, a block at a time.

    Attributes:
        tail: after the last block, the bytes behind the last newline: a torn line, or nothing.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.tail = b""

    def blocks(self) -> Iterator[list[bytes]]:
        """Lists of :data:`BLOCK` lines without their newlines; the last list may be shorter.

        Raises:
            LedgerDamaged: a line longer than any entry can be.
        """
        lines: list[bytes] = []
        rest, given = b"", 0
        while chunk := self._stream.read(_CHUNK):
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            lines += parts
            start = 0
            while len(lines) - start >= BLOCK:
                yield lines[start : start + BLOCK]
                start += BLOCK
            given += start
            del lines[:start]
            if len(rest) > MAX_LINE:
                raise LedgerDamaged(n=given + len(lines))
        self.tail = rest
        if lines:
            yield lines


def open_ledger(path: Path) -> BinaryIO:
    """Open the file for reading.

    Raises:
        LedgerMissing: it is not there.
    """
    try:
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as gone:
        raise LedgerMissing() from gone


def hash_lines(lines: list[bytes], first: int) -> list[Hash]:
    """Leaf hashes of consecutive entries, each of which must carry its own number.

    Raises:
        LedgerDamaged: a line that is not entry ``first + i`` by its ending.
    """
    for n, line in enumerate(lines, first):
        if not line.endswith(ending(n)):
            raise LedgerDamaged(n=n)
    return [sha256(b"\x00" + line).digest() for line in lines]


def read_entries(path: Path, kinds: Sequence[type[Event]] = (), first: int = 0) -> Iterator[Entry]:
    """The entries of a file in order, each read strictly; only those of ``kinds`` if there are any.

    What is not asked for is not parsed, only passed over by the id in its line, so a sparse question to a
    long ledger is quick. Entries before ``first`` are passed over.

    Raises:
        LedgerMissing: no file.
        LedgerDamaged: a line that should be an entry and is none.
    """
    asked = re.compile(b"|".join(re.escape(b',"event":"%b",' % one.id.encode()) for one in kinds)).search
    with open_ledger(path) as stream:
        n = 0
        for lines in Reader(stream).blocks():
            if n + len(lines) > first:
                for at, line in enumerate(lines, n):
                    if at >= first and (not kinds or asked(line)):
                        entry = parse(line, at)
                        if not kinds or isinstance(entry.event, tuple(kinds)):
                            yield entry
            n += len(lines)


def read_line(path: Path, offset: int, skip: int) -> bytes:
    """The line that lies ``skip`` lines behind byte ``offset``, without its newline."""
    with open_ledger(path) as stream:
        stream.seek(offset)
        for _ in range(skip):
            stream.readline()
        return stream.readline().removesuffix(b"\n")


def read_block(path: Path, block: int, offset: int) -> list[Hash]:
    """Leaf hashes of the complete block that begins at byte ``offset``.

    Raises:
        LedgerDamaged: the file was changed since it was opened.
    """
    with open_ledger(path) as stream:
        stream.seek(offset)
        return hash_lines(next(Reader(stream).blocks()), block * BLOCK)
