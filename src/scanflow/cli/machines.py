"""Commands on scanners and on the stamp reader."""

from __future__ import annotations

import typer
from rich.markup import escape

from scanflow.cli.options import ConfigPath, read_config
from scanflow.cli.says import out
from scanflow.station.devices import feeder_of

scanner = typer.Typer(no_args_is_help=True)
stamps = typer.Typer(no_args_is_help=True)


@scanner.command()
def describe(config: ConfigPath = None) -> None:
    """Máy quét này cho biết gì, không cho biết gì · what the scanner can and cannot tell."""
    with feeder_of(read_config(config)) as feeder:
        facts = feeder.facts
        out.print(f"{escape(facts.name)} ({escape(facts.identity)}), {facts.driver}")
        if facts.simulated:
            out.print("MÔ PHỎNG: không có giấy thật.")
        out.print("Cho biết: " + (", ".join(sorted(sensor.value for sensor in facts.sensors)) or "–"))
        for line in facts.cannot_tell:
            out.print(f"  {escape(line)}")


