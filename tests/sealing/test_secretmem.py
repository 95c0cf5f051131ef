"""Where a key lives, and that it dies."""

from __future__ import annotations

import copy
import ctypes
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from scanflow.sealing.errors import HostWithoutSafeMemory
from scanflow.sealing.secretmem import KeyHome, SecretMemory


@pytest.fixture(params=list(KeyHome))
def memory(request: pytest.FixtureRequest) -> SecretMemory:
    return SecretMemory(32, homes=(request.param,))


def address(memory: SecretMemory) -> int:
    with memory.lent() as view:
        return ctypes.addressof(ctypes.c_char.from_buffer(view))


def flags_of(at: int) -> str:
    """The VmFlags line of the mapping that holds the address."""
    inside = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        head = line.split()[0]
        if "-" in head and not head.endswith(":"):
            low, high = (int(part, 16) for part in head.split("-"))
            inside = low <= at < high
        elif inside and line.startswith("VmFlags:"):
            return line
    raise AssertionError("mapping not found")


def test_what_is_written_is_lent_again(memory: SecretMemory) -> None:
    with memory.lent() as view:
        view[:] = bytes(range(32))
    with memory.lent() as view:
        assert bytes(view) == bytes(range(32))


def test_random_bytes_fill_all_of_it_and_differ(memory: SecretMemory) -> None:
    other = SecretMemory(32)
    for one in (memory, other):
        one.randomise()
    with memory.lent() as first, other.lent() as second:
        assert bytes(first) != bytes(second)
        assert bytes(first)[24:] != bytes(8)


def test_it_is_not_swapped_dumped_or_inherited(memory: SecretMemory) -> None:
    flags = flags_of(address(memory)).split()
    assert {"lo", "dd", "dc"} <= set(flags)  # locked, not dumped, not copied on fork


def test_a_memfd_secret_is_not_read_even_by_the_owner_through_proc() -> None:
    memory = SecretMemory(32, homes=(KeyHome.MEMFD_SECRET,))
    at = address(memory)
    with Path("/proc/self/mem").open("rb", buffering=0) as self_memory:
        self_memory.seek(at)
        with pytest.raises(OSError):
            self_memory.read(32)


def test_destroying_wipes_first_and_may_be_repeated(memory: SecretMemory) -> None:
    with memory.lent() as view:
        view[:] = b"k" * 32
        memory.destroy()
        assert bytes(view) == bytes(32)
    memory.destroy()
    assert not memory.alive
    with pytest.raises(ValueError), memory.lent():
        pass


def test_no_view_outlives_the_lending(memory: SecretMemory) -> None:
    with memory.lent() as view:
        pass
    with pytest.raises(ValueError):
        view[0]


def test_it_is_not_copied_printed_or_pickled(memory: SecretMemory) -> None:
    with memory.lent() as view:
        view[:] = b"Q" * 32
    assert "Q" not in repr(memory)
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            attempt(memory)
    with pytest.raises(TypeError):
        bytes(memory)  # type: ignore[call-overload]


def test_the_strongest_home_comes_first() -> None:
    assert SecretMemory(32).home is KeyHome.MEMFD_SECRET


def test_a_host_that_locks_no_memory_is_refused() -> None:
    program = (
        "import resource, os\n"
        "from scanflow.sealing.secretmem import SecretMemory\n"
        "from scanflow.sealing.errors import HostWithoutSafeMemory\n"
        "resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: SecretMemory(32)\n"
        "except HostWithoutSafeMemory as refusal: print(refusal.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ)
    assert done.stdout.strip() == HostWithoutSafeMemory.code, done.stderr


def test_none_of_no_homes() -> None:
    with pytest.raises(HostWithoutSafeMemory):
        SecretMemory(32, homes=())
