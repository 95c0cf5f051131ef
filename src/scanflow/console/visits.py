"""One request of one browser: who it is, what it may do, and how it is answered (lượt truy cập)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from typing import Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from scanflow.console.errors import AnswerUnclear, ConsoleError, Forged
from scanflow.console.guard import LONGEST_BODY, MOST_FIELDS
from scanflow.console.hall import Hall
from scanflow.console.questions import Question
from scanflow.console.roles import require_role
from scanflow.console.rows import lines
from scanflow.console.sessions import IDLE_S, Session
from scanflow.console.words import LANGUAGES, N_, environment, translations
from scanflow.errors import ScanflowError, Words
from scanflow.ledger.people import Person, Role
from scanflow.station.termdesk import WHY

COOKIE: Final = "scanflow"
TITLES: Final = {
    "/": N_("Màn hình chính"),
    "/list": N_("Danh mục"),
    "/supervisor": N_("Đối chiếu"),
    "/papers": N_("Giấy tờ"),
    "/security": N_("An ninh"),
    "/ledger": N_("Sổ nhật ký"),
}
SIGNS: Final = {"info": "●", "good": "▶", "stop": "■", "alarm": "▲"}
"""A shape beside each tone: colour alone says nothing."""


H = TypeVar("H", bound=Hall)
M = TypeVar("M", bound=StrEnum)


@dataclass(slots=True)
class Visit(Generic[H]):
    """One request.

    Attributes:
        room: the console, open or shut.
        version: of the board before anything for the answer was looked up. A page is never older than it says: what
            changes while it is put together has a later version, and the page reads itself anew.
        session: of the browser; there always is one, signed in or not.
        person: who is signed in.
        path: of the page.
        query: what stands behind the question mark.
        form: fields of the form, empty for reading.
        numbers: parts of the address.
    """

    room: H
    version: int
    session: Session
    person: Person | None
    path: str
    query: dict[str, str]
    form: dict[str, str]
    numbers: dict[str, Any]

    def require(self, *roles: Role) -> Person:
        """Who is signed in, when the role fits; see :func:`scanflow.console.room.require_role`."""
        return require_role(self.person, roles)

    def field(self, name: str, said: Words, longest: int = 200) -> str:
        """A field of the form that must be there.

        Raises:
            AnswerUnclear: it is empty or too long; ``said`` is its name on the page.
        """
        text = self.form.get(name, "").strip()
        if not text or len(text) > longest:
            raise AnswerUnclear(field=said)
        return text

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page in the browser's language; the state of the room stands on each."""
        live = self.room.board.live()
        pages = [
            path for path, roles in self.room.pages.items() if self.person is not None and self.person.role in roles
        ]
        html = environment(self.session.language).get_template(template).render(
            visit=self, person=self.person, csrf=self.session.csrf, live=live, head=self.room.headline(), pages=pages,
            simulated=self.room.simulated, station=self.room.config, titles=TITLES, signs=SIGNS,
            names=self._names, signers=self._signers, reasons=WHY, idle_s=IDLE_S, rows=lines,
            **self.room.lent(), **values,
        )  # fmt: skip
        answer = HTMLResponse(html, status)
        set_cookie(answer, self.session)
        return answer

    def _names(self, roles: frozenset[Role]) -> str:
        """Roles in the browser's language."""
        said = translations(self.session.language).gettext
        return " / ".join(sorted(said(role.vi) for role in roles))

    def _signers(self, question: Question) -> str:
        """Who must sign, place by place."""
        return " + ".join(self._names(place) for place in question.places)

    def back(self, to: str = "") -> Response:
        """After an act: the page it was done on."""
        wanted = to or self.form.get("back", "/")
        return RedirectResponse(wanted if wanted in self.room.pages else "/", 303)


View = Callable[[Visit[H]], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def chosen(word: str, allowed: Iterable[M], said: Words) -> M:
    """The one of a closed list that a form names.

    Raises:
        AnswerUnclear: none of them; ``said`` is the field's name on the page.
    """
    found = next((one for one in allowed if one.value == word), None)
    if found is None:
        raise AnswerUnclear(field=said)
    return found


def set_cookie(answer: Response, session: Session) -> None:
    """The session's cookie: no script reads it, no other site sends it."""
    answer.set_cookie(COOKIE, session.id, httponly=True, samesite="strict", path="/")


def reading(room: H, view: View[H]) -> Endpoint:
    """A page that is read; roles as in :attr:`scanflow.console.hall.Hall.pages`."""

    async def endpoint(request: Request) -> Response:
        by_itself = request.headers.get("x-live") == "1" or request.query_params.get("live") == "1"
        return await run_in_threadpool(_answered, room, request, view, {}, not by_itself)

    return endpoint


def acting(room: H, act: View[H]) -> Endpoint:
    """A form that is sent; it must come from a page of the same session."""

    async def endpoint(request: Request) -> Response:
        form = await _form(request)
        return await run_in_threadpool(_answered, room, request, _checked(request, act), form, True)

    return endpoint


def _checked(request: Request, act: View[H]) -> View[H]:
    def checked(visit: Visit[H]) -> Response:
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        token = visit.form.get("csrf", "")
        ours = compare_digest(token.encode(), visit.session.csrf.encode())
        if site != "same-origin" or origin not in {None, own} or not ours:
            raise Forged
        return act(visit)

    return checked


def _answered(room: H, request: Request, view: View[H], form: dict[str, str], acts: bool) -> Response:
    version = room.board.live().version  # first of all
    session = room.sessions.find(request.cookies.get(COOKIE, ""), acts=acts)
    if session is None:
        session = room.sessions.open(language=_language(request))
    person = room.person_of(session)
    path = request.url.path
    visit = Visit(room, version, session, person, path, dict(request.query_params), form, request.path_params)
    try:
        if path in room.pages:
            require_role(person, room.pages[path])
        return view(visit)
    except ScanflowError as refused:
        return refusal_page(visit, refused)


def refusal_page(visit: Visit[H], refused: ScanflowError) -> Response:
    """A refusal: its sentence, its code, and the way back. The state of the room stands above it."""
    status = refused.status if isinstance(refused, ConsoleError) else 403
    return visit.page("refused.html", status, refused=refused, back=visit.form.get("back", "/"))


def _language(request: Request) -> str:
    """The language that this browser chose before; its session may be gone."""
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


async def _form(request: Request) -> dict[str, str]:
    """Fields of a form; one that is too long or no form at all is empty, and is refused for want of its token."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        return {}
    return dict(pairs)
