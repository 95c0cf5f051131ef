"""The door of the console: every request and every answer passes here first (cửa vào).

Host header checked against DNS rebinding, bodies bounded, and every answer carries the headers that keep foreign code,
frames, caches and copies out.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanflow.console.errors import HostRefused

HEADERS: Final = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
            "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        )
    ),
    "Cache-Control": "no-store, max-age=0",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}  # fmt: skip
"""On every answer, refusals and pictures included. ``no-store`` everywhere: nothing of this console is ever cached.
The referrer stays within the console: with none at all a browser sends ``Origin: null`` with our own forms."""

LONGEST_BODY: Final = 256 * 1024
"""Bytes of a form; no form of ours is longer: a handover of a thousand documents has some 60 bytes for each."""
MOST_FIELDS: Final = 4000
"""Fields of a form: three for each document of a handover."""


class Guard:
    """Pure ASGI around the pages."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Guard ``app``; ``hosts`` are the Host headers of this console, port included."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":  # no websockets, no lifespan
            return
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or named[0].lower() not in self._hosts:
            refusal = HostRefused()
            await plain(send, refusal.status, f"{refusal.code}: {refusal.say_vi}\n{refusal.say_en}\n")
            return
        await self._app(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name.lower().encode() for name in HEADERS}
            kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
            message = {**message, "headers": kept + [(n.lower().encode(), v.encode()) for n, v in HEADERS.items()]}
        await send(message)

    return sending


async def plain(send: Send, status: int, text: str) -> None:
    """An answer of plain text, for those who get no page."""
    sending = _with_headers(send)
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await sending({"type": "http.response.start", "status": status, "headers": headers})
    await sending({"type": "http.response.body", "body": text.encode()})
