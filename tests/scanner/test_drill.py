"""The operator's drill: whoever follows the sentences passes, whoever does not sees what is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanflow.scanner.drill import SCENARIOS, Answer, Scenario, Tray, drill, drill_all
from scanflow.scanner.plight import Plight


class Obedient:
    """Does what the sentences say."""

    def __init__(self) -> None:
        self.heard: list[Plight] = []

    def decide(self, plight: Plight, tray: Tray) -> Answer:
        self.heard.append(plight)
        assert plight.resume_at is not None and plight.first is not None
        right = plight.count_to is None or tray.output - (plight.first - 1) == plight.count_to
        return Answer(plight.resume_at if right else plight.first, right)


class Hasty:
    """Never counts, goes on behind the sheet that failed."""

    def decide(self, plight: Plight, tray: Tray) -> Answer:
        return Answer((plight.resume_at or 1) + 1, True)


def test_whoever_follows_the_sentences_passes_every_exercise(tmp_path: Path) -> None:
    trainee = Obedient()
    results = list(drill_all(tmp_path, trainee))
    assert len(results) == len(SCENARIOS) and all(r.passed for r in results), results
    assert len({p.state for p in trainee.heard}) >= 6
    assert all(p.steps_vi[0].endswith(".") for p in trainee.heard)


@pytest.mark.parametrize("scenario", SCENARIOS[:3], ids=lambda s: s.name)
def test_whoever_goes_on_hastily_is_told(tmp_path: Path, scenario: Scenario) -> None:
    result = drill(scenario, tmp_path / "d", Hasty())
    assert not result.passed and any("phải quét tiếp từ tờ" in w for w in result.wrong)


class NeverCounts(Obedient):
    def decide(self, plight: Plight, tray: Tray) -> Answer:
        assert plight.resume_at is not None
        return Answer(plight.resume_at, True)


def test_who_never_counts_loses_a_sheet_and_has_another_twice(tmp_path: Path) -> None:
    scenario = next(s for s in SCENARIOS if s.name == "unseen-jam")
    result = drill(scenario, tmp_path / "d", NeverCounts())
    assert result.lost and result.doubled and "không khớp" in result.wrong[0]
