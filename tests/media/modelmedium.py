"""A medium in memory that remembers in which order its kernel was asked for what, and can be crashed at any instant.

It is more forgetful than any real file system: an entry, its size and the data are three things, a rename is
    two (FAT),
``fsync`` of a file covers its data and the size in the entry it has *then*, ``fsync`` of a directory covers
entries only. After a crash any subset of what was not covered may be there.
"""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scanflow.media.filesystem import ROOT, Filesystem
from scanflow.media.identity import DeviceFacts
from scanflow.media.medium import VolumeFacts
from scanflow.media.registry import Model
from scanflow.media.simulated import stick_descriptors

SECTOR = 512


@dataclass(frozen=True)
class Op:
    """One thing that reaches the medium on its own.

    ``kind``: ``entry`` (name → file), ``gone`` (name), ``size``, ``data``, ``mkdir``, ``rmdir``.
    ``domain``: what must be synced to make it certain: ``("file", number)`` or ``("dir", name)``.
    """

    kind: str
    domain: tuple[str, object]
    directory: str = ""
    name: str = ""
    file: int = -1
    at: int = 0
    data: bytes = b""


@dataclass
class State:
    """What a medium holds: directories of entries (file, size), and the files' bytes."""

    directories: dict[str, dict[str, tuple[int, int]]] = field(default_factory=lambda: {ROOT: {}})
    data: dict[int, bytearray] = field(default_factory=dict)

    def copy(self) -> State:
        return State(
            {name: dict(inside) for name, inside in self.directories.items()},
            {number: bytearray(content) for number, content in self.data.items()},
        )

    def apply(self, op: Op) -> None:
        """Apply what arrived; an op whose surroundings were lost has no effect."""
        if op.kind == "mkdir":
            self.directories.setdefault(op.name, {})
            return
        if op.kind == "rmdir":
            self.directories.pop(op.name, None)
            return
        if op.kind == "data":
            content = self.data.setdefault(op.file, bytearray())
            if len(content) < op.at + len(op.data):
                content.extend(bytes(op.at + len(op.data) - len(content)))
            content[op.at : op.at + len(op.data)] = op.data
            return
        inside = self.directories.get(op.directory)
        if inside is None:
            return
        if op.kind == "entry":
            inside[op.name] = (op.file, 0)
        elif op.kind == "gone":
            inside.pop(op.name, None)
        elif op.kind == "size" and inside.get(op.name, (-1, 0))[0] == op.file:
            inside[op.name] = (op.file, op.at)

    def content(self, directory: str, name: str) -> bytes:
        number, size = self.directories[directory][name]
        return bytes(self.data.get(number, bytearray())).ljust(size, b"\x00")[:size]


@dataclass
class Disk:
    """The medium: what is certain, what is on its way, and the trace of all instants."""

    certain: State = field(default_factory=State)
    pending: list[Op] = field(default_factory=list)
    files: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    room: int = 1 << 30
    calls: int = 0
    names: list[str] = field(default_factory=list)
    fail_at: int = 0
    fail_with: int = 0
    short_at: int = 0
    flip: tuple[str, int] | None = None
    """(name, byte) that reads back wrong."""
    instant: Callable[[Disk], None] | None = None
    """Called before each call: a crash may happen here."""
    gone: bool = False
    keep_gone: bool = False
    lengths: dict[int, int] = field(default_factory=dict)
    """What the running kernel knows of each file's length, whatever the entries on the medium say."""

    def now(self) -> State:
        """What the running kernel shows."""
        state = self.certain.copy()
        for op in self.pending:
            state.apply(op)
        self.fix_sizes(state)
        return state

    def fix_sizes(self, state: State) -> None:
        for inside in state.directories.values():
            for name, (number, size) in inside.items():
                inside[name] = (number, self.lengths.get(number, size))

    def before(self, call: str) -> None:
        if self.instant is not None:
            self.instant(self)
        self.calls += 1
        self.names.append(call)
        if self.gone:
            raise OSError(errno.ENODEV, "gone")
        if self.calls == self.fail_at:
            self.gone = self.fail_with == errno.ENODEV
            raise OSError(self.fail_with, "injected")

    def settle(self, covers: Callable[[Op], bool]) -> None:
        rest = []
        for op in self.pending:
            if covers(op):
                self.certain.apply(op)
            else:
                rest.append(op)
        self.pending = rest

    def crashes(self) -> Iterator[State]:
        """Every state that a crash at this instant can leave."""
        for keep in itertools.product((False, True), repeat=len(self.pending)):
            state = self.certain.copy()
            for op, there in zip(self.pending, keep, strict=True):
                if there:
                    state.apply(op)
            yield state


class ModelFilesystem:
    """The seam over a model disk, or (read-only) over a state that a crash left."""

    file_limit = None

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._open: dict[int, tuple[int, str, str, int]] = {}
        self._handles = itertools.count(1)

    def free(self) -> int:
        self._disk.before("free")
        return self._disk.room

    def names(self, directory: str) -> list[str]:
        self._disk.before("names")
        state = self._disk.now()
        if directory not in state.directories:
            raise FileNotFoundError(errno.ENOENT, directory)
        found = list(state.directories[directory])
        if directory == ROOT:
            found += [f"{name}/" for name in state.directories if name]
        return sorted(found)

    def make_directory(self, name: str) -> None:
        self._disk.before("mkdir")
        if name in self._disk.now().directories:
            raise FileExistsError(errno.EEXIST, name)
        self._disk.pending.append(Op("mkdir", ("dir", ROOT), name=name))

    def create(self, directory: str, name: str) -> int:
        self._disk.before("create")
        state = self._disk.now()
        if name in state.directories[directory]:
            raise FileExistsError(errno.EEXIST, name)
        number = next(self._disk.files)
        self._disk.pending.append(Op("entry", ("dir", directory), directory, name, number))
        handle = next(self._handles)
        self._open[handle] = (number, directory, name, 0)
        return handle

    def write(self, handle: int, piece: memoryview) -> int:
        self._disk.before("write")
        number, directory, name, size = self._open[handle]
        taken = len(piece)
        if self._disk.calls == self._disk.short_at:
            taken = max(1, taken // 2)
        content = bytes(piece[:taken])
        for at in range(0, taken, SECTOR):
            part = content[at : at + SECTOR]
            self._disk.pending.append(Op("data", ("file", number), file=number, at=size + at, data=part))
        self._open[handle] = (number, directory, name, size + taken)
        self._disk.lengths[number] = size + taken
        return taken

    def sync(self, handle: int) -> None:
        self._disk.before("fsync")
        number, directory, name, size = self._open[handle]
        self._disk.settle(lambda op: op.domain == ("file", number))
        self._size(number, directory, name, size)

    def _size(self, number: int, directory: str, name: str, size: int) -> None:
        # The size goes into the entry that the file has now, once that entry itself is there.
        op = Op("size", ("file", number), directory, name, number, at=size)
        if name in self._disk.certain.directories.get(directory, {}):
            self._disk.certain.apply(op)
        else:
            self._disk.pending.append(Op("size", ("entry", name), directory, name, number, at=size))

    def close(self, handle: int) -> None:
        del self._open[handle]
        self._disk.before("close")

    def rename(self, directory: str, old: str, new: str) -> None:
        self._disk.before("rename")
        inside = self._disk.now().directories[directory]
        if new in inside:
            raise FileExistsError(errno.EEXIST, new)
        number, _ = inside[old]
        self._disk.pending.append(Op("entry", ("dir", directory), directory, new, number))
        self._disk.pending.append(Op("gone", ("dir", directory), directory, old))
        for handle, (held, where, _, size) in self._open.items():
            if held == number:
                self._open[handle] = (held, where, new, size)

    def sync_directory(self, directory: str) -> None:
        self._disk.before("fsync dir")
        self._disk.settle(lambda op: op.domain == ("dir", directory))
        certain = self._disk.certain.directories.get(directory, {})
        # Sizes that were synced before their entry was: they came with it, in order.
        self._disk.settle(lambda op: op.kind == "size" and op.directory == directory and op.name in certain)

    def sync_all(self) -> None:
        self._disk.before("syncfs")
        self._disk.settle(lambda op: True)
        self._disk.fix_sizes(self._disk.certain)

    def read(self, directory: str, name: str, most: int) -> bytes:
        self._disk.before("read")
        state = self._disk.now()
        if name not in state.directories.get(directory, {}):
            raise FileNotFoundError(errno.ENOENT, name)
        content = state.content(directory, name)
        if len(content) > most:
            raise OSError(errno.EFBIG, "longer")
        if self._disk.flip is not None and self._disk.flip[0] == name:
            at = self._disk.flip[1]
            content = content[:at] + bytes((content[at] ^ 1,)) + content[at + 1 :]
        return content

    def overwrite(self, directory: str, name: str, content: bytes) -> None:
        self._disk.before("overwrite")
        number, _ = self._disk.now().directories[directory][name]
        self._disk.pending.append(Op("data", ("file", number), file=number, data=content))
        self._disk.before("overwrite fsync")
        self._disk.settle(lambda op: op.domain == ("file", number))

    def remove(self, directory: str, name: str) -> None:
        self._disk.before("remove")
        if name.endswith("/"):
            bare = name.rstrip("/")
            if self._disk.now().directories.get(bare):
                raise OSError(errno.ENOTEMPTY, name)
            self._disk.pending.append(Op("rmdir", ("dir", ROOT), name=bare))
        else:
            self._disk.pending.append(Op("gone", ("dir", directory), directory, name))
        self._disk.settle(lambda op: op.domain == ("dir", directory))


class ModelMedium:
    """A stick over a model disk; it is a simulated one in all that it says."""

    def __init__(self, disk: Disk, serial: str = "MODEL0000A1") -> None:
        self.disk = disk
        self._mounted = False
        self._facts = DeviceFacts("model-1", stick_descriptors(), 480, "scanflow", "MODEL", serial, True)

    @property
    def facts(self) -> DeviceFacts:
        return self._facts

    def authorise(self) -> None:
        self.disk.gone = self.disk.gone and self.disk.keep_gone

    def attach(self, model: Model) -> VolumeFacts:
        return VolumeFacts(1, 1 << 34, "directory", "model")

    def repair(self, model: Model) -> None:
        pass

    def mount(self, *, writable: bool) -> Filesystem:
        assert not self._mounted, "mounted twice"
        self._mounted = True
        return ModelFilesystem(self.disk)

    def unmount(self) -> None:
        self.disk.before("unmount")
        self._mounted = False

    def probe_capacity(self) -> None:
        pass

    def still_there(self) -> None:
        from scanflow.media.errors import MediumVanished

        if self.disk.gone:
            raise MediumVanished(device="model", step="x", step_en="x")

    def release(self) -> None:
        self._mounted = False
