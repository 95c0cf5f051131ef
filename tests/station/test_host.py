"""What the host can keep: swap, and the hardening of a process that holds pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanflow.hardening import FORGETFUL
from scanflow.station import host
from scanflow.station.host import Health

HEAD = "Filename Type Size Used Priority\n"


@pytest.mark.parametrize(
    ("swaps", "locked", "health"),
    [
        ("", False, Health.OK),
        ("/dev/sda2 partition 1 0 -2\n", True, Health.WARN),
        ("/dev/zram0 p 1 0 5\n", False, Health.BAD),
    ],
)
def test_swap_refuses_work_unless_memory_is_locked(
    swaps: str, locked: bool, health: Health, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "swaps").write_text(HEAD + swaps)
    monkeypatch.setattr(host, "memory_is_locked", lambda: locked)
    found = host.swap(tmp_path)
    assert found.health is health
    assert health is Health.OK or "swapoff -a" in found.vi


@pytest.mark.parametrize(
    ("line", "health"),
    [("quiet init_on_free=1 ro", Health.OK), ("quiet init_on_free=0", Health.WARN), ("", Health.WARN)],
)
def test_a_kernel_that_does_not_wipe_freed_memory_is_told(line: str, health: Health, tmp_path: Path) -> None:
    (tmp_path / "cmdline").write_text(line + "\n")
    assert host.freed_memory(tmp_path).health is health


def test_a_hardened_process_is_locked_and_leaves_no_core_and_its_child_must_do_so_itself() -> None:
    """Why each process calls it: a child's memory is not locked."""
    program = (
        "import subprocess, sys\n"
        "from scanflow.hardening import harden_process\n"
        'own = \'print(*(l for l in open("/proc/self/status") if l.startswith("VmLck")), sep="", end="")\'\n'
        "assert harden_process(); exec(own)\n"
        "print(open('/proc/self/limits').read().split('core file size')[1].split()[:2])\n"
        "sys.stdout.flush(); subprocess.run([sys.executable, '-c', own])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    here, core, child = done.stdout.splitlines()
    assert int(here.split()[1]) > 1000 and core == "['0', '0']"
    assert int(child.split()[1]) == 0


def test_what_is_freed_while_words_are_handled_is_overwritten_also_when_blocks_overlap() -> None:
    program = (
        "import ctypes; from scanflow.hardening import freed_is_overwritten\n"
        "libc = ctypes.CDLL(None); libc.malloc.restype = ctypes.c_void_p; libc.free.argtypes = [ctypes.c_void_p]\n"
        "def left():\n"
        "    block, after = libc.malloc(20000), libc.malloc(20000)\n"
        "    ctypes.memset(block, 0x41, 20000); libc.free(block)\n"
        "    return ctypes.string_at(block + 4096, 64) == b'A' * 64\n"
        "print(left(), end=' ')\n"
        "with freed_is_overwritten():\n"
        "    with freed_is_overwritten(): pass\n"
        "    print(left(), end=' ')\n"
        "print(left())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True False True\n"


@pytest.mark.parametrize(("begun", "left"), [("pass", "5"), ("start_over_forgetful()", "0")])
def test_text_that_is_freed_is_overwritten_too_in_a_process_that_began_forgetful(begun: str, left: str) -> None:
    """Python's own allocator and glibc's cache of each thread would keep a word, a line, a paragraph as it was."""
    program = (
        "import ctypes, sys; from scanflow.hardening import freed_is_overwritten, start_over_forgetful\n"
        f"{begun}\n"
        "found = 0\n"
        "with freed_is_overwritten():\n"
        "    for length in (5, 20, 60, 200, 400):\n"
        "        text = chr(0x1ea1) * length\n"
        "        at, size, half = id(text), text.__sizeof__(), text.encode('utf-16-le')[length:]\n"
        "        assert half in ctypes.string_at(at, size)\n"
        "        del text\n"
        "        found += half in ctypes.string_at(at, size)\n"
        "print(found, *sys.argv[1:], sys.stdin.read())\n"
    )
    plain = {name: value for name, value in os.environ.items() if name not in FORGETFUL}
    done = subprocess.run(
        [sys.executable, "-c", program, "a word"], input="more", env=plain, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{left} a word more\n", "the same words and streams, begun anew or not"
