"""The hold threshold of this station, set from its own unclassified scans (hiệu chỉnh ngưỡng giữ)."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from scanflow.imaging.decode import decode
from scanflow.ledger import catalogue as events
from scanflow.ledger.people import Office
from scanflow.stamps.calibrate import Calibration, calibrate
from scanflow.stamps.network import MarkNetwork
from scanflow.station.config import StationConfig
from scanflow.station.errors import ConfigurationRejected

_LEAST = 4
"""A calibration sets the threshold no lower than a quarter of the shipped one: a clean sample proves no more."""


def score_folder(images: Iterable[Path], network: MarkNetwork, progress: Callable[[int], None]) -> list[float]:
    """For every side the highest score of TUYỆT MẬT on it; no picture is kept.

    Raises:
        ImagingError: a file that cannot be decoded; a calibration has no gaps.
    """
    scores: list[float] = []
    for path in images:
        side = decode(path)
        findings = network.find(side.pixels, side.dpi or 300)
        scores.append(max((finding.route for finding in findings), default=0.0))
        progress(len(scores))
    return scores


def calibrate_station(config: StationConfig, office: Office, person: str, scores: list[float]) -> Calibration:
    """Choose the threshold, put it on the record, and write it for the station to use.

    Raises:
        ConfigurationRejected: no place for it is configured.
        CalibrationTooSmall, CalibrationPastFloor: nothing is changed.
        UnknownPerson, PersonIsRevoked: who may not do that.
    """
    target = config.stamps.calibration
    if target is None:
        raise ConfigurationRejected(path="[stamps]", detail="calibration")
    office.people.person(person)
    network = MarkNetwork()
    limits = network.thresholds
    result = calibrate(scores, limits.hold, limits.hold_floor, limits.hold / _LEAST)
    office.ledger.record(
        events.StampsCalibrated(
            person=person,
            sides=result.sides,
            hold_permille=math.floor(1000 * result.hold),
            model=network.digest,
        )
    )
    text = json.dumps({"model": network.digest, "hold": result.hold, "sides": result.sides}, indent=1)
    part = target.with_name(target.name + ".part")
    part.write_text(text + "\n", encoding="utf-8")
    os.replace(part, target)
    return result


def calibrated_hold(config: StationConfig | None, network: MarkNetwork) -> float:
    """The hold threshold to use: the station's own while it belongs to these networks, else the shipped one.

    A calibration can only make the station hold less where its own paper showed that it may; past the floor that
    the weights were shipped with it is ignored.
    """
    shipped = network.thresholds.hold
    path = None if config is None else config.stamps.calibration
    if path is None or not path.is_file():
        return shipped
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept.get("model") != network.digest:
        return shipped
    return min(float(kept["hold"]), network.thresholds.hold_floor)
