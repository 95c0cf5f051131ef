"""Commands on the paper's way and on forms: handover, and the group of registers, statistics and incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.markup import escape

from scanflow.cli.options import ConfigPath, FormsFolder, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import RichTerminal, ask_passphrase
from scanflow.errors import ExitCode
from scanflow.forms import Paper, Person
from scanflow.ledger.catalogue import Moment, PaperState
from scanflow.ledger.people import Office
from scanflow.manifest import Manifest, read_manifest
from scanflow.station import books
from scanflow.station.bureau import Bureau, file_form
from scanflow.station.handover import Before, Found, Hands, compared_with, differences, hand_over
from scanflow.station.incidents import incident_forms
from scanflow.station.personal import unlocked
from scanflow.station.setup import Home, open_ledger

forms = typer.Typer(no_args_is_help=True)

HandoverList: TypeAlias = Annotated[Path, typer.Argument(metavar="LIST", help="Danh mục bàn giao, xlsx hoặc csv")]
Year: TypeAlias = Annotated[int, typer.Argument(metavar="YEAR", help="Năm")]
AtHand: TypeAlias = Annotated[
    list[Path] | None, typer.Option("--list", help="Danh mục để ghi số, ký hiệu, trích yếu; nêu được nhiều lần")
]
VolumeNumber: TypeAlias = Annotated[int, typer.Option("--volume", help="Quyển số")]


def add_to(app: typer.Typer) -> None:
    """Register the commands that are no group."""
    app.command()(handover)


def handover(
    moment: Annotated[Moment, typer.Argument(help="Xuất kho · quét xong · nhập lại kho")],
    handover_list: HandoverList,
    giver: Annotated[str, typer.Option(help="Mã người giao")],
    taker: Annotated[str, typer.Option(help="Mã người nhận")],
    basis: Annotated[list[str] | None, typer.Option(help="Căn cứ: văn bản cho phép; nêu được nhiều lần")] = None,
    folder: FormsFolder = Path(),
    config: ConfigPath = None,
) -> int:
    """Bàn giao giấy: kiểm đếm, so với lần trước, ghi sổ và lập biên bản · hand the paper over and record it."""
    manifest = read_manifest(handover_list)
    with _bureau(config) as bureau:
        known = compared_with(bureau, manifest, moment)
        for person in (giver, taker):
            home, module = Home(bureau.config.state), bureau.config.people_module
            secret = ask_passphrase(f"Mật khẩu hoặc mã PIN của {person}")
            with unlocked(bureau.office, home, module, person, secret):
                pass  # presence is proved and on the record
        otherwise = _ask_counts(RichTerminal(), manifest, known)
        if otherwise is None:
            console.print("Chưa ai xác nhận số liệu; không ghi gì vào sổ.")
            return ExitCode.INTERRUPTED
        done = hand_over(bureau, manifest, moment, Hands(giver, taker, "\n".join(basis or ())), otherwise)
        _file(done.paper, folder, f"{manifest.batch_id}-ban-giao-{list(Moment).index(moment) + 1}")
    return ExitCode.OK if done.agrees else ExitCode.COUNT_DIFFERS


def _ask_counts(terminal: RichTerminal, manifest: Manifest, known: Before) -> dict[int, Found] | None:
    """What was found otherwise than before, by STT; None when nobody confirms."""
    sheets = sum(one.sheets for one in known.found.values())
    pages = sum(one.pages for one in known.found.values())
    before = "lần bàn giao trước" if known.moments else "danh mục"
    out.print(f"Theo {before}: {len(manifest.rows)} tài liệu, {sheets} tờ, {pages} trang.")
    for row in manifest.rows:
        was, counted = known.found[row.ordinal], known.scanned.get(row.ordinal)
        scanned = "" if counted is None else f"; khi quét đếm {counted[0]} tờ, {counted[1]} trang"
        out.print(f"  {row.ordinal:>4} {escape(row.name)} {row.level.vi}: {was.vi}{scanned}")
    otherwise: dict[int, Found] = {}
    while ordinal := terminal.number("STT tài liệu khác với trên (0 = hết)"):
        if ordinal not in manifest.by_ordinal:
            console.print(f"Danh mục không có STT {ordinal}.")
            continue
        words = {state.vi: state for state in PaperState}
        otherwise[ordinal] = Found(
            terminal.number("Số tờ đếm được"),
            terminal.number("Số trang đếm được"),
            words[terminal.choice("Tình trạng giấy", list(words))],
        )
    for line in differences(known, manifest, otherwise):
        out.print(f"[bold]LỆCH[/] {escape(line.vi)}")
    return otherwise if terminal.confirm("Hai bên xác nhận đã kiểm đếm đúng như trên?") else None


@forms.command()
def incident(handover_list: HandoverList, folder: FormsFolder = Path(), config: ConfigPath = None) -> None:
    """Biên bản tách riêng của mọi lần tách riêng trong đợt · the record of each route-out of a batch."""
    manifest = read_manifest(handover_list)
    names = {manifest.document_id(row.ordinal): row.name for row in manifest.rows}
    with _bureau(config) as bureau:
        papers = incident_forms(bureau, manifest.batch_id, names)
        for stem, paper in papers.items():
            _file(paper, folder, stem)
    if not papers:
        console.print(f"Đợt {manifest.batch_id} không có lần tách riêng nào.")


@forms.command()
def copying(
    year: Year, lists: AtHand = None, volume: VolumeNumber = 1, folder: FormsFolder = Path(), config: ConfigPath = None
) -> None:
    """Sổ quản lý sao, chụp của năm · the copying register of a year."""
    _register(books.copying, year, lists, volume, folder / f"so-sao-chup-{year}", config)


@forms.command()
def outgoing(
    year: Year, lists: AtHand = None, volume: VolumeNumber = 1, folder: FormsFolder = Path(), config: ConfigPath = None
) -> None:
    """Sổ đăng ký bí mật nhà nước đi của năm · the outgoing register of a year."""
    _register(books.outgoing, year, lists, volume, folder / f"so-di-{year}", config)


@forms.command()
def incoming(
    year: Year, lists: AtHand = None, volume: VolumeNumber = 1, folder: FormsFolder = Path(), config: ConfigPath = None
) -> None:
    """Sổ đăng ký bí mật nhà nước đến của năm · the incoming register of a year."""
    _register(books.incoming, year, lists, volume, folder / f"so-den-{year}", config)


@forms.command()
def yearly(
    year: Year,
    person: Annotated[str, typer.Option(help="Mã người thống kê")],
    head_of_body: Annotated[str, typer.Option("--head-of-body", help="Họ tên thủ trưởng cơ quan")] = "",
    post: Annotated[str, typer.Option("--post", help="Chức vụ của thủ trưởng, như Giám đốc")] = "",
    folder: FormsFolder = Path(),
    config: ConfigPath = None,
) -> None:
    """Thống kê năm theo độ mật, 15/12 năm trước đến 14/12 · yearly statistics by level."""
    with _bureau(config) as bureau:
        bureau.office.people.person(person)
        found, term = books.read_books(bureau), books.Term.of_statistics(year)
        chief = Person(head_of_body, post)
        _file(books.yearly(bureau, found, term, bureau.person(person), chief), folder, f"thong-ke-{year}")


@contextmanager
def _bureau(config: Path | None) -> Iterator[Bureau]:
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        yield Bureau(settings, ledger, Office(ledger))


_Register: TypeAlias = Callable[[Bureau, books.Books, books.Lists, books.Term, int], Paper]


def _register(
    make: _Register, year: int, lists: list[Path] | None, volume: int, target: Path, config: Path | None
) -> None:
    """Make a register of a year from the ledger and the lists at hand, and file it at ``target`` without suffix."""
    with _bureau(config) as bureau:
        found, at_hand = books.read_books(bureau), _lists(lists)
        _tell_missing(at_hand, found)
        paper = make(bureau, found, at_hand, books.Term.of_register(year), volume)
        _file(paper, target.parent, target.name)


def _lists(paths: list[Path] | None) -> books.Lists:
    return books.Lists.of(read_manifest(path) for path in paths or ())


def _tell_missing(lists: books.Lists, found: books.Books) -> None:
    missing = lists.missing(one.batch for one in found.documents.values())
    if missing:
        console.print(
            f"Chưa có danh mục của {', '.join(missing)}: các tài liệu đó đứng dưới mã số của sổ, không có số, ký hiệu. "
            "Thêm --list DANH_MỤC."
        )


def _file(paper: Paper, folder: Path, stem: str) -> None:
    pdf, workbook = file_form(paper, folder, stem)
    console.print(f"Đã ghi {escape(str(pdf))} và {escape(workbook.name)}.")
