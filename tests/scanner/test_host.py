"""The SANE configuration and what ``doctor`` finds."""

from __future__ import annotations

from pathlib import Path

import pytest

import scanflow
from scanflow.scanner import errors
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.probes import backend_library, probe_sane
from scanflow.scanner.sane_child import SaneChild
from scanflow.scanner.saneconf import (
    AirscanDevice,
    escl_address,
    read_config,
    require_safe,
    why_unsafe,
    write_airscan_config,
)

from .conftest import DRIVERS


def test_a_written_configuration_is_safe_and_read_back(tmp_path: Path) -> None:
    folder = write_airscan_config(
        tmp_path / "c", [AirscanDevice("Máy 1", "http://127.0.0.1:8/eSCL")], socket_dir=tmp_path
    )
    config = require_safe(folder)
    assert config.backends == ("airscan",) and not config.discovery
    assert escl_address(config, "airscan:e0:Máy 1") == ("http://127.0.0.1:8/eSCL", tmp_path)
    assert escl_address(config, "airscan:escl:X:http://127.0.0.1:9/eSCL") == (
        "http://127.0.0.1:9/eSCL",
        tmp_path,
    )
    assert escl_address(config, "fujitsu:fi-7160:123") is None
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("dll", "airscan", "why"),
    [
        ("", "", "no driver"),
        ("airscan\nnet\n", "[options]\ndiscovery = disable\n", "net"),
        ("escl\n", "", "escl"),
        ("airscan\n", "[devices]\n", "discovery"),
        ("airscan\n", "[options]\ndiscovery = enable\n", "discovery"),
        ("fujitsu\ncanon_dr\nkodak\navision\npixma\n", "", "5 drivers"),
        ("# fujitsu\n", "", "no driver"),
    ],
)
def test_a_configuration_that_looks_around_is_refused(tmp_path: Path, dll: str, airscan: str, why: str) -> None:
    (tmp_path / "dll.conf").write_text(dll)
    (tmp_path / "airscan.conf").write_text(airscan)
    with pytest.raises(errors.SaneConfigUnsafe, match=why):
        require_safe(tmp_path)


def test_debians_own_configuration_is_refused() -> None:
    assert why_unsafe(read_config(Path("/etc/sane.d"))), "apt-get install libsane1"


def test_no_configuration_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.SaneConfigUnsafe, match=r"dll\.conf"):
        require_safe(tmp_path)


def test_the_doctor_finds_this_host_fit(tmp_path: Path) -> None:
    findings = probe_sane(write_airscan_config(tmp_path, []), DRIVERS)
    assert all(f.ok for f in findings), [f.en for f in findings if not f.ok]
    assert {f.code for f in findings} >= {"SCN-PROBE-PYTHON-SANE", "SCN-PROBE-BACKEND", "SCN-PROBE-CONFIG"}


def test_the_doctor_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANE_DEBUG_DLL", "9")
    (tmp_path / "dll.conf").write_text("airscan\nnosuchdriver\n")
    (tmp_path / "bad.toml").write_text("x = 1")
    bad = {f.code for f in probe_sane(tmp_path, tmp_path) if not f.ok}
    assert bad == {"SCN-PROBE-CONFIG", "SCN-PROBE-BACKEND", "SCN-PROBE-DEBUG", "SCN-PROBE-PROFILES"}
    assert backend_library("nosuchdriver") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.9/eSCL",
        "https://127.0.0.1/eSCL",
        "http://scanner.local/eSCL",
        "unix://../x/eSCL",
        "",
        "http://127.0.0.1:99999/",
    ],
)
def test_an_address_beyond_this_machine_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(errors.AddressBeyondHost):
        parse_address(url, tmp_path)
    assert parse_address("http://[::1]:60000/eSCL").port == 60000
    assert parse_address("unix://s.sock/eSCL", tmp_path).unix == tmp_path / "s.sock"


def test_the_projects_own_configuration_is_safe() -> None:
    config = require_safe(DRIVERS.parent / "config" / "sane")
    assert config.backends == ("airscan",) and not config.discovery and config.airscan == ()


def test_a_host_without_python_sane_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "_sane.py").write_text("raise ImportError('no')")
    folder = write_airscan_config(tmp_path / "c", [])
    source = str(Path(scanflow.__file__).parents[1])
    with pytest.raises(errors.SaneMissing, match="Install"):
        SaneChild(folder, patience=5.0, env={"PYTHONPATH": f"{tmp_path}:{source}"})
