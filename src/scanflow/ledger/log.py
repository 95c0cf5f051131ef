"""The ledger: the one writer of the one file (sổ nhật ký).

What is returned is durable: `record` and `record_many` come back after ``fdatasync``, and an act is announced
on disk before it begins. After a failed write nothing more is accepted: what a failed ``fsync`` left behind
is not knowable, so the file is opened again, and its torn end set aside, before work goes on.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from scanflow.ledger import entry as entries
from scanflow.ledger.act import Act
from scanflow.ledger.catalogue.log import ClockSetBack, LogBegun, LogRecovered
from scanflow.ledger.clock import Clock, Instant, SystemClock, set_back_ms
from scanflow.ledger.disk import Disk, RealDisk, lock, replace_file
from scanflow.ledger.entry import Entry
from scanflow.ledger.errors import (
    LedgerBusy,
    LedgerError,
    LedgerExists,
    LedgerMissing,
    LedgerWriteFailed,
    NoSuchEntry,
    NotAnOpenIntent,
    NotInCatalogue,
    OutcomeMissing,
)
from scanflow.ledger.event import CATALOGUE, Event, Intent, Outcome
from scanflow.ledger.heads import head_path
from scanflow.ledger.lines import read_block, read_entries, read_line
from scanflow.ledger.merkle import Hash, leaf_hash
from scanflow.ledger.note import Checkpoint, Signer, Verifier
from scanflow.ledger.receipt import Receipt
from scanflow.ledger.recovery import lost_tails, set_aside
from scanflow.ledger.takeup import read_local_head, read_whole, require_beginning, require_under
from scanflow.ledger.tree import LogTree


class Ledger:
    """An open ledger; made by :meth:`create` and :meth:`open` only. Safe to share between threads."""

    def __init__(self, path: Path, fd: int, key: Signer, origin: str, clock: Clock, disk: Disk) -> None:
        self.path = path
        self.verifier = Verifier(origin, key.public_key())
        self._fd, self._key, self._clock, self._disk = fd, key, clock, disk
        self._guard = threading.RLock()
        self._tree = LogTree(partial(read_block, path))
        self._open: dict[int, Entry] = {}
        self._last: Entry | None = None
        self._head: Checkpoint | None = None
        self._broken = False
        self._followers: list[Callable[[Entry], None]] = []

    # ---- opening ---------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path,
        key: Signer,
        *,
        origin: str,
        predecessor: Checkpoint | None = None,
        clock: Clock | None = None,
        disk: Disk | None = None,
    ) -> Ledger:
        """Begin a new ledger and sign its first head.

        Args:
            path: the file; its head is kept beside it (``.head``).
            key: the station's Ed25519 key.
            origin: name of the log, as in ``scanflow.example/room-1``; no spaces, no plus sign.
            predecessor: last head of the ledger that this one continues.
            clock: for tests.
            disk: for tests.

        Raises:
            LedgerExists: there is one already.
            LedgerWriteFailed: the disk refused.
        """
        disk = disk or RealDisk()
        if path.exists() or head_path(path).exists():
            raise LedgerExists()
        beside = path.with_name(path.name + ".begun")
        beside.unlink(missing_ok=True)
        begun = LogBegun(
            key=Verifier(origin, key.public_key()).key_id.hex(),
            predecessor_size=predecessor.size if predecessor else None,
            predecessor_root=predecessor.root.hex() if predecessor else None,
        )
        try:
            fd = disk.create(beside)
            made = cls(beside, fd, key, origin, clock or SystemClock(), disk)
            made._write([(begun, None)])
            disk.close(fd)
            disk.rename(beside, path)
            disk.sync_directory(path.parent)
        except OSError as failed:
            raise LedgerWriteFailed(cause=_cause(failed)) from failed
        return cls.open(path, key, origin=origin, clock=clock, disk=disk)

    @classmethod
    def open(
        cls, path: Path, key: Signer, *, origin: str, clock: Clock | None = None, disk: Disk | None = None
    ) -> Ledger:
        """Open a ledger for writing: verify all of it against its local head, set a torn end aside.

        Raises:
            LedgerMissing: no file.
            LedgerBusy: another process writes it.
            LedgerDamaged: a line is not the entry it should be.
            LedgerRolledBack: shorter than its head.
            LedgerRewritten: other entries than those under its head.
            HeadMissing: the head beside it is gone.
            StationKeyRefused: it was begun with another key.
            LedgerWriteFailed: the disk refused.
        """
        disk = disk or RealDisk()
        try:
            fd = disk.open(path)
        except FileNotFoundError as gone:
            raise LedgerMissing() from gone
        except OSError as failed:
            raise LedgerWriteFailed(cause=_cause(failed)) from failed
        try:
            if not lock(fd):
                raise LedgerBusy()
            made = cls(path, fd, key, origin, clock or SystemClock(), disk)
            made._take_up()
        except OSError as failed:
            disk.close(fd)
            raise LedgerWriteFailed(cause=_cause(failed)) from failed
        except BaseException:
            disk.close(fd)
            raise
        return made

    def _take_up(self) -> None:
        require_beginning(self.path, self.verifier)
        self._head = read_local_head(self.path, self.verifier)
        found = read_whole(self.path, self._head.size if self._head else 0)
        require_under(self._head, found.tree)
        self._tree, self._open, self._last = found.tree, found.open_acts, found.last
        if found.tail:
            set_aside(self._disk, self.path, self._fd, self._tree.end, found.tail)
        for size, digest in lost_tails(self.path):
            self.record(LogRecovered(size=size, digest=digest))
        self.head()

    # ---- writing ---------------------------------------------------------------------------------

    def record(self, event: Event) -> Entry:
        """Write one event; durable when this returns.

        Raises:
            NotAnOpenIntent: an outcome; those are recorded through their act.
            LedgerWriteFailed: the disk refused; nothing may be done on the strength of this event.
        """
        return self.record_many([event])[0]

    def record_many(self, events: Iterable[Event]) -> list[Entry]:
        """Write events in one go with one ``fdatasync``: all durable when this returns.

        Raises:
            NotAnOpenIntent: an outcome among them.
            LedgerWriteFailed: the disk refused.
        """
        events = list(events)
        for one in events:
            if isinstance(one, Outcome):
                raise NotAnOpenIntent(n="–")
        with self._guard:
            return self._write([(one, None) for one in events])

    def begin(self, intent: Intent) -> Act:
        """Announce an act; when this returns the announcement is durable and the act may begin."""
        return Act(self.record(intent), self.close_act)

    @contextmanager
    def act(self, intent: Intent) -> Iterator[Act]:
        """Announce an act, do it in the block, and say in the block how it went.

        An exception leaves the act open: nobody knows how far it came, so a person closes it at the next
        start.

        Raises:
            OutcomeMissing: the block ended without an outcome.
        """
        act = self.begin(intent)
        yield act
        if act.outcome is None:
            raise OutcomeMissing(n=act.entry.n)

    def close_act(self, n: int, outcome: Outcome) -> Entry:
        """Record the outcome of the open intent ``n`` (also one found open at the start, with `ActClosed`).

        Raises:
            NotAnOpenIntent: ``n`` is not open, or the outcome belongs to another kind of act.
        """
        with self._guard:
            intent = self._open.get(n)
            if intent is None or not isinstance(intent.event, outcome.closes):
                raise NotAnOpenIntent(n=n)
            return self._write([(outcome, n)])[0]

    def _write(self, events: Sequence[tuple[Event, int | None]]) -> list[Entry]:
        if self._broken:
            raise LedgerWriteFailed(cause="sealed")
        now = self._clock.now()
        back = self._set_back(now)
        if back is not None:
            events = [(back, None), *events]
        for event, _ in events:
            if CATALOGUE.get(getattr(event, "id", "")) is not type(event):
                raise NotInCatalogue(event=type(event).__name__, field="–")
        made: list[Entry] = []
        for n, (event, closes) in enumerate(events, self._tree.size):
            act = n if isinstance(event, Intent) else closes
            made.append(Entry(n, event, now.iso, now.mono, now.boot_mark, act))
        lines = [one.line for one in made]
        self._broken = True  # until all is done: what an unfinished write left is not known
        interrupted = self._append(b"\n".join((*lines, b"")))
        for one, line in zip(made, lines, strict=True):
            self._tree.add(leaf_hash(line), len(line) + 1)
            if isinstance(one.event, Intent):
                self._open[one.n] = one
            elif one.act is not None:
                self._open.pop(one.act, None)
        self._last = made[-1] if made else self._last
        self._broken = False
        for one in made:
            for follow in self._followers:
                follow(one)
        if interrupted is not None:
            raise interrupted
        return made[1:] if back is not None else made

    def _append(self, data: bytes) -> KeyboardInterrupt | None:
        """Make ``data`` durable. Ctrl-C is no fault of the disk: the write is finished first, and then it counts.

        Raises:
            LedgerWriteFailed: the disk refused; open the file again to find out what is on it.
        """
        try:
            try:
                self._disk.write(self._fd, data)
                self._disk.sync(self._fd)
            except KeyboardInterrupt as stop:
                written = os.fstat(self._fd).st_size - self._tree.end
                self._disk.write(self._fd, data[written:])
                self._disk.sync(self._fd)
                return stop
        except OSError as failed:
            raise LedgerWriteFailed(cause=_cause(failed)) from failed
        return None

    def _set_back(self, now: Instant) -> ClockSetBack | None:
        if self._last is None:
            return None
        back = set_back_ms(self._last.wall, self._last.mono, self._last.boot, now)
        if back <= 0:
            return None
        return ClockSetBack(milliseconds=back, same_boot=self._last.boot == now.boot_mark)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other threads from writing while something is checked against the ledger and then recorded."""
        with self._guard:
            yield

    def follow(self, kinds: Sequence[type[Event]], follower: Callable[[Entry], None]) -> None:
        """Show ``follower`` every entry of ``kinds`` so far, and every new one of any kind from now on.

        What is computed so can never lag behind the ledger, whoever writes to it.
        """
        with self._guard:
            for one in self.entries(kinds):
                follower(one)
            self._followers.append(follower)

    def now_s(self) -> int:
        """POSIX seconds by the ledger's clock."""
        return self._clock.now().wall // 1_000_000

    # ---- reading ---------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Number of durable entries."""
        return self._tree.size

    @property
    def length(self) -> int:
        """Bytes of the file that hold the durable entries."""
        return self._tree.end

    def open_intents(self) -> tuple[Entry, ...]:
        """Acts without an outcome, oldest first. After a start each asks a person to look and close it."""
        with self._guard:
            return tuple(self._open.values())

    def head(self) -> Checkpoint:
        """Sign the present size and root, keep it beside the file, and give it out.

        Raises:
            LedgerWriteFailed: it could not be kept.
        """
        with self._guard:
            if self._broken:
                raise LedgerWriteFailed(cause="sealed")
            if self._head is None or self._head.size != self._tree.size:
                head = Checkpoint(self.verifier.name, self._tree.size, self._tree.root()).signed_by(self._key)
                try:
                    replace_file(self._disk, head_path(self.path), head.note)
                except OSError as failed:
                    raise LedgerWriteFailed(cause=_cause(failed)) from failed
                self._head = head
            return self._head

    def root_at(self, size: int) -> Hash:
        """Root of the first ``size`` entries.

        Raises:
            NoSuchEntry: the ledger is not that large.
        """
        with self._guard:
            if not 0 <= size <= self._tree.size:
                raise NoSuchEntry(n=size)
            return self._tree.root(size)

    def prove(self, n: int) -> Receipt:
        """Receipt of entry ``n``: its line, its audit path and the present head, in C2SP ``tlog-proof`` form.

        Raises:
            NoSuchEntry: there is no such entry.
        """
        with self._guard:
            if not 0 <= n < self._tree.size:
                raise NoSuchEntry(n=n)
            head = self.head()
            return Receipt(n, read_line(self.path, *self._tree.offset_of(n)), self._tree.inclusion(n, head.size), head)

    def consistency(self, old: int) -> tuple[Hash, ...]:
        """Proof (RFC 6962 §2.1.2) that the first ``old`` entries are a prefix of the present ledger."""
        with self._guard:
            if not 0 <= old <= self._tree.size:
                raise NoSuchEntry(n=old)
            return self._tree.consistency(old, self._tree.size)

    def entry(self, n: int) -> Entry:
        """Entry ``n``, read from the file.

        Raises:
            NoSuchEntry: there is no such entry.
        """
        with self._guard:
            if not 0 <= n < self._tree.size:
                raise NoSuchEntry(n=n)
            return entries.parse(read_line(self.path, *self._tree.offset_of(n)), n)

    def entries(self, kinds: Sequence[type[Event]] = (), first: int = 0) -> Iterator[Entry]:
        """Entries in order, read from the file; see :func:`scanflow.ledger.lines.read_entries`."""
        return read_entries(self.path, kinds, first)

    # ---- closing ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Sign and keep a last head, then let the file go."""
        with self._guard:
            try:
                if not self._broken:
                    self.head()
            finally:
                self._broken = True
                if self._fd >= 0:
                    self._disk.close(self._fd)
                    self._fd = -1

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Close it; a failure to sign the last head does not hide the error that is on its way."""
        try:
            self.close()
        except LedgerError:
            if kind is None:
                raise


def _cause(failed: OSError) -> str:
    return failed.strerror or type(failed).__name__
