"""Guards that read the source itself: what a promise forbids is not in the code."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src/scanflow").rglob("*.py"))

# Where a name may be used, and why (P4: no page on a disk in the clear; P8: no content in logs; P12: no network).
ALLOWED = {
    "tempfile": {
        "src/scanflow/stamps/witness.py",  # asks where pytesseract's temporary files would lie, to refuse
        "src/scanflow/cli/machines.py",  # the socket of the drill's simulated scanner; no page
    },
    "pickle": set(),
    "print": set(),
    "eval": set(),
    "exec": set(),
}


def _used_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_no_source_uses_a_forbidden_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name in _used_names(ast.parse(path.read_text(encoding="utf-8")))
        if name in ALLOWED and path.relative_to(ROOT).as_posix() not in ALLOWED[name]
    ]
    assert found == []


def test_no_subprocess_goes_through_a_shell() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "shell"
    ]
    assert found == []


def test_lock_files_are_hashed_and_name_no_index() -> None:
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file://", text), lock.name


def test_nothing_committed_names_this_machine_or_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    # Written in two halves, so that this file does not find itself.
    forbidden = re.compile(
        "|".join(["py" + r"pi\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org", "/wo" + "rk/", "/ro" + "ot/"])
    )
    found = []
    for name in filter(None, tracked.decode().split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in {
            ".jpg",
            ".png",
            ".onnx",
            ".pdf",
            ".xlsx",
            ".bin",
            ".der",
            ".p7m",
            ".gz",
        }:
            continue
        if match := forbidden.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(f"{name}: {match.group()}")
    assert found == []
