"""The forms that people send; each ends in one call of the station (các việc)."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.responses import RedirectResponse, Response

from scanflow.console.errors import AnswerUnclear, NoSuchPage
from scanflow.console.hall import Hall
from scanflow.console.papers import pdf
from scanflow.console.questions import MEDIA_REASONS, PEOPLE_REASONS, Kind, read_answer
from scanflow.console.roles import require_role
from scanflow.console.room import Room
from scanflow.console.visits import Visit, chosen, set_cookie
from scanflow.console.words import LANGUAGES
from scanflow.errors import Words
from scanflow.forms import render_pdf
from scanflow.ledger.people import Reason, Role
from scanflow.ledger.people.errors import PeopleError
from scanflow.levels import Level
from scanflow.station.record import bureau_of, reconciled_record
from scanflow.station.setup import NewPerson

_PERSON: Final = Words("mã người", "person id")
_LABEL: Final = Words("nhãn tài sản", "asset label")
_HOME = {
    Role.SUPERVISOR: "/supervisor",
    Role.CUSTODIAN: "/papers",
    Role.SECURITY_OFFICER: "/security",
    Role.INSPECTOR: "/ledger",
}


def sign_in(visit: Visit[Hall]) -> Response:
    """Let somebody in; a browser changes its session when its person changes."""
    person = visit.field("person", _PERSON, 40)
    passphrase = visit.form.get("passphrase", "")
    try:
        session = visit.room.sign_in(person, passphrase, visit.session.language)
    except PeopleError as refused:
        return visit.page("sign_in.html", 401, refused=refused)
    visit.room.sessions.close(visit.session)
    answer = visit.back(_HOME.get(visit.room.office.people.person(person).role, "/"))
    set_cookie(answer, session)
    return answer


def sign_out(visit: Visit[Hall]) -> Response:
    """Lock the screen."""
    visit.room.sessions.close(visit.session)
    return RedirectResponse("/", 303)


def language(visit: Visit[Hall]) -> Response:
    """The other language."""
    chosen = visit.form.get("to", "")
    if chosen in LANGUAGES:
        visit.session.language = chosen
    answer = visit.back()
    answer.set_cookie("language", visit.session.language, httponly=True, samesite="strict", path="/")
    return answer


def start(visit: Visit[Room]) -> Response:
    """The operator begins a batch."""
    operator = visit.require(Role.OPERATOR)
    visit.room.start(visit.field("list", Words("danh mục", "list")), operator.id)
    return visit.back("/")


def answer(visit: Visit[Room]) -> Response:
    """Answer the question that stands."""
    number = int(visit.numbers["number"])
    question = visit.room.board.question(number)
    person = require_role(visit.person, question.roles)
    visit.room.board.answer(number, read_answer(question, visit.form, person.id))
    return visit.back()


def sign(visit: Visit[Room]) -> Response:
    """One person signs with the own passphrase; the page may be anybody's whose role is asked for."""
    number = int(visit.numbers["number"])
    question = visit.room.board.question(number)
    if question.kind is not Kind.SIGN:
        raise AnswerUnclear(field=Words("chữ ký", "signature"))
    require_role(visit.person, question.roles)
    person = visit.field("person", Words("người ký", "signer"), 40)
    visit.room.sign(number, person, visit.form.get("passphrase", ""), visit.form.get("shown", ""))
    return visit.back()


def abandon(visit: Visit[Room]) -> Response:
    """Leave the batch: everything in memory is erased."""
    visit.require(Role.OPERATOR, Role.SUPERVISOR, Role.SECURITY_OFFICER)
    if visit.form.get("sure") != "yes":
        raise AnswerUnclear(field=Words("chắc chắn bỏ đợt", "sure to leave the batch"))
    visit.room.board.abandon()
    return visit.back()


def record(visit: Visit[Room]) -> Response:
    """The reconciled record of the batch that just ended, to be printed; the ledger notes that its head leaves.

    Raises:
        SignInNeeded, RoleRefused: for the supervisor only.
        NoSuchPage: no batch ended since the console was started.
    """
    visit.require(Role.SUPERVISOR)
    result, operator = visit.room.board.live().result, visit.room.operator
    if result is None:
        raise NoSuchPage
    paper = reconciled_record(bureau_of(visit.room.station), result, operator, simulated=visit.room.simulated)
    return pdf("bien-ban-doi-chieu", render_pdf(paper))


def look_at_host(visit: Visit[Room]) -> Response:
    """The doctor looks anew."""
    visit.require(Role.SECURITY_OFFICER)
    visit.room.look_at_host()
    return visit.back("/security")


def enrol_stick(visit: Visit[Room]) -> Response:
    """Enrol the stick that is plugged in; two persons sign on the screen that follows."""
    visit.require(Role.SECURITY_OFFICER)
    name = visit.field("name", _LABEL, 40)
    clearance = visit.form.get("clearance", "")
    if clearance not in Level.__members__:
        raise AnswerUnclear(field=Words("độ mật được duyệt", "cleared for"))
    try:
        until = date.fromisoformat(visit.field("until", Words("hạn dùng", "valid until"), 10))
    except ValueError:
        raise AnswerUnclear(field=Words("hạn dùng", "valid until")) from None
    custodian = visit.room.station.office.people.person(
        visit.field("custodian", Words("mã người giữ", "keeper's id"), 40)
    )
    visit.room.enrol_stick(name, Level[clearance], custodian.id, until)
    return visit.back("/security")


def revoke_stick(visit: Visit[Room]) -> Response:
    """Take a medium off the register; two persons sign on the screen that follows."""
    visit.require(Role.SECURITY_OFFICER)
    visit.room.revoke_stick(visit.field("name", _LABEL, 40), _reason(visit, MEDIA_REASONS))
    return visit.back("/security")


def enrol_person(visit: Visit[Room]) -> Response:
    """Enrol somebody, who types the own passphrase; two persons sign on the screen that follows."""
    visit.require(Role.SECURITY_OFFICER)
    person = visit.field("person", _PERSON, 40)
    name = visit.field("name", Words("họ tên", "name"), 80)
    role = chosen(visit.form.get("role", ""), Role, Words("vai trò", "role"))
    number = visit.field("number", Words("số hiệu", "official number"), 40)
    secret, again = visit.form.get("passphrase", ""), visit.form.get("again", "")
    if not secret or secret != again:
        raise AnswerUnclear(field=Words("mật khẩu (hai lần nhập khác nhau)", "passphrase (typed differently)"))
    new = NewPerson(person, name, role, number, secret)
    visit.room.enrol_person(new, token=visit.form.get("token") == "yes")
    return visit.back("/security")


def change_person(visit: Visit[Room]) -> Response:
    """Revoke somebody, or give new tries; two persons sign on the screen that follows."""
    visit.require(Role.SECURITY_OFFICER)
    person, reason = visit.field("person", _PERSON, 40), _reason(visit, PEOPLE_REASONS)
    acts = {"revoke": visit.room.revoke_person, "reset": visit.room.reset_attempts}
    act = acts.get(visit.form.get("do", ""))
    if act is None:
        raise AnswerUnclear(field=Words("việc chọn", "what to do"))
    act(person, reason)
    return visit.back("/security")


def _reason(visit: Visit[Room], allowed: tuple[Reason, ...]) -> Reason:
    return chosen(visit.form.get("reason", ""), allowed, Words("lý do", "reason"))
