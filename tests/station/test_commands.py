"""The commands as a person or a program calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.station.conftest import row

from scanflow.errors import ExitCode
from scanflow.levels import Level
from scanflow.manifest import write_manifest
from scanflow.sealing import CmsSealer
from scanflow.sealing.keys import init_demo

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures/scans"


def scanflow(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from scanflow.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with simulated media, not initialised."""
    text = (ROOT / "config/station.toml").read_text(encoding="utf-8")
    text = text.replace("/var/lib/scanflow", str(tmp_path / "state")).replace('"../drivers"', f'"{ROOT}/drivers"')
    text = text.replace('rules = "rules"', f'rules = "{ROOT}/config/rules"').replace(
        'kind = "usb"', 'kind = "simulated"'
    )
    text = text.replace('# simulated = "stick"', 'simulated = "stick"')
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_examine_prints_one_json_line_an_image() -> None:
    images = [FIXTURES / "02-mat-1r.jpg", FIXTURES / "01-thuong-2v.jpg", FIXTURES / "06-tuyet-mat-giua-3r.jpg"]
    done = scanflow("examine", *images, "--json")
    assert done.returncode == ExitCode.OK, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["file"]).name for line in lines] == [image.name for image in images]
    for line in lines:
        assert {"file", "turn", "skew_deg", "side", "blank_score", "marks", "level", "decision", "cpu_s"} <= set(line)
        assert line["decision"] in {"clear", "hold", "route_out"}
        for mark in line["marks"]:
            assert {"kind", "quad", "score", "reason"} <= set(mark)
            assert len(mark["quad"]) == 4
    assert [line["decision"] for line in lines] == ["clear", "clear", "route_out"]
    assert [line["level"] for line in lines] == ["MAT", "THUONG", "TUYET_MAT"]
    assert lines[1]["side"] == "blank"


def test_examine_holds_what_it_cannot_open(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((FIXTURES / "02-mat-1r.jpg").read_bytes()[:40_000])
    done = scanflow("examine", broken, tmp_path / "missing.png", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["decision"] for line in lines] == ["hold", "hold"]


def test_manifest_check_names_the_cell(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.csv"
    write_manifest([row(1, 2)], good)
    assert scanflow("manifest", "check", good).returncode == ExitCode.OK
    bad.write_text("STT,Mã hồ sơ\n1,MAU\n", encoding="utf-8")
    done = scanflow("manifest", "check", bad, "--json")
    assert done.returncode == ExitCode.BAD_MANIFEST
    assert all({"cell", "code", "vi"} <= set(json.loads(line)) for line in done.stdout.splitlines())


def test_template_reads_back_as_an_empty_list(tmp_path: Path) -> None:
    target = tmp_path / "mau.xlsx"
    assert scanflow("manifest", "template", target).returncode == ExitCode.OK
    done = scanflow("manifest", "check", target)
    assert done.returncode == ExitCode.BAD_MANIFEST
    assert "MAN-NO-ROWS" in done.stdout


def test_an_unknown_key_of_the_configuration_is_refused(config: Path) -> None:
    config.write_text("spy = true\n" + config.read_text(encoding="utf-8"), encoding="utf-8")
    done = scanflow("doctor", "--config", config)
    assert done.returncode == ExitCode.USAGE
    assert "STA-CONFIG" in done.stderr
    assert "spy" in done.stderr


def test_doctor_says_of_each_promise_what_the_host_can_keep(config: Path) -> None:
    done = scanflow("doctor", "--config", config, "--json")
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"P1", "P2", "P4", "P12"} <= {finding["promise"] for finding in findings}
    calibration = next(finding for finding in findings if finding["name"] == "calibration")
    assert calibration["health"] == "warn"
    red = any(finding["health"] == "bad" for finding in findings)
    assert done.returncode == (ExitCode.HOST_UNFIT if red else ExitCode.OK)


def test_a_station_without_keys_says_so(config: Path) -> None:
    done = scanflow("ledger", "verify", "--config", config)
    assert done.returncode == ExitCode.SEALING
    assert "STA-KEYS" in done.stderr


def test_a_wrong_command_is_a_usage_error() -> None:
    assert scanflow("no-such-command").returncode == ExitCode.USAGE


def test_the_shipped_configuration_is_whole_and_safe() -> None:
    from scanflow.scanner.saneconf import require_safe
    from scanflow.station.config import load_config

    config = load_config(ROOT / "config/station.toml")
    assert config.drivers.resolve() == ROOT / "drivers"
    assert config.rules.resolve() == ROOT / "config/rules"
    assert require_safe(config.scanner.sane_config).backends == ("airscan",)


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "X.p7m"
    done = scanflow("open", missing, "--recip", tmp_path / "me.crt.pem", "--key", tmp_path / "me.key.pem")
    assert done.returncode == ExitCode.USAGE
    assert "CLI-FILE" in done.stderr and "không có" in done.stderr and "Traceback" not in done.stderr


def test_an_opened_document_is_written_whole_for_its_owner_or_not_at_all(tmp_path: Path) -> None:
    site = init_demo(tmp_path / "keys")
    sealed = CmsSealer(site.recipients, site.ca.certificate).seal(bytes(50_000), name="X.0000001", level=Level.MAT)
    container, opened = tmp_path / "X.0000001.p7m", tmp_path / "X.0000001.pdf"
    container.write_bytes(sealed.data)
    keys = ["--recip", tmp_path / "keys/van-thu.crt.pem", "--key", tmp_path / "keys/van-thu.key.pem"]

    small = [sys.executable, "-c", _SMALL_FILES_ONLY, *map(str, ["open", container, *keys])]
    full = subprocess.run(small, cwd=ROOT, capture_output=True, text=True, check=False)
    assert full.returncode == ExitCode.USAGE and "CLI-FILE" in full.stderr
    assert not opened.exists(), "what was begun is gone"

    assert scanflow("open", container, *keys).returncode == ExitCode.OK
    assert opened.read_bytes() == bytes(50_000) and opened.stat().st_mode & 0o777 == 0o600
    opened.write_bytes(b"mine")
    again = scanflow("open", container, *keys)
    assert again.returncode == ExitCode.USAGE and "không ghi đè" in again.stderr
    assert opened.read_bytes() == b"mine"


_SMALL_FILES_ONLY = (
    "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
    "from scanflow.cli import main; main()"
)
