"""Who is drilled, at a terminal: the sentences of the station, the paper on the table, two questions (người tập)."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.prompt import Confirm, IntPrompt

from scanflow.cli.says import console, out
from scanflow.scanner.drill import Answer, DrillResult, Tray
from scanflow.scanner.plight import Plight


class TerminalTrainee:
    """A person at a terminal; without one the drill ends, since nobody learns from it."""

    def decide(self, plight: Plight, tray: Tray) -> Answer:
        """Show what the station says and where the paper lies, and ask."""
        if not console.is_terminal:
            raise typer.Abort
        out.print(f"[bold yellow]{escape(plight.state.vi)}[/] {plight.code}")
        for number, step in enumerate(plight.steps_vi, 1):
            out.print(f"  {number}. {escape(step)}")
        out.print(
            f"Trên bàn: khay ra có {tray.output} tờ (kể cả các lượt trước), kẹt trong máy {tray.stuck} tờ, "
            f"khay nạp còn {tray.waiting} tờ."
        )
        right = True
        if plight.count_to is not None:
            right = Confirm.ask("Đã đếm khay ra. Đúng số máy báo?", console=console)
        resume = IntPrompt.ask("Quét tiếp từ tờ số", console=console)
        return Answer(resume, right)


def outcome_vi(result: DrillResult) -> list[str]:
    """How an exercise went, one sentence a line."""
    lines = [f"Sai: {wrong}." for wrong in result.wrong]
    if result.lost:
        lines.append(f"Với cách làm đó, MẤT tờ {', '.join(map(str, result.lost))}: không có ảnh mà không ai biết.")
    if result.doubled:
        lines.append(f"Với cách làm đó, tờ {', '.join(map(str, result.doubled))} bị tính HAI LẦN.")
    return lines or ["Đạt: mọi tờ có ảnh đúng một lần."]
