"""The trained networks' files: loaded only when they are the very ones that were tested (tệp trọng số)."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Final

import onnxruntime as ort

from scanflow.stamps.errors_network import WeightsMissing, WeightsTampered

WEIGHTS: Final = Path(__file__).parent / "weights"


def index_of(folder: Path) -> dict[str, Any]:
    """``index.toml`` of a folder of weights.

    Raises:
        WeightsMissing: it is not there.
        WeightsTampered: it cannot be read.
    """
    try:
        return tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))
    except OSError as cause:
        raise WeightsMissing(file="index.toml") from cause
    except ValueError as cause:
        raise WeightsTampered(file="index.toml") from cause


def session_of(folder: Path, entry: dict[str, Any]) -> ort.InferenceSession:
    """A session of one thread from the very bytes that were hashed: nothing can be swapped between check and load.

    Args:
        folder: of the weights.
        entry: the network's table of the index, with ``file`` and ``sha256``.

    Raises:
        WeightsMissing: the file is not there.
        WeightsTampered: its SHA-256 is not the recorded one.
    """
    name = str(entry["file"])
    try:
        content = (folder / name).read_bytes()
    except OSError as cause:
        raise WeightsMissing(file=name) from cause
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise WeightsTampered(file=name)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
