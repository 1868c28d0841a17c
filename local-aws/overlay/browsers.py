"""The server is for programs of this machine: a web page, which a browser would let call it, is refused."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from overlay.patches import Patch

Headers = Iterable[tuple[bytes, bytes]]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Names that always lead to this machine. Any other may be a page's own, led here afterwards (DNS rebinding).
_HERE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\]|[a-z0-9_.-]+\.localhost)(?::\d+)?")

# A user who typed the address, and what is served from the very same one.
_OWN_SITES = frozenset({"none", "same-origin"})


def refusal(headers: Headers) -> str | None:
    """Say why a request is refused; ``None`` when it is taken."""
    sent: dict[str, list[str]] = {}
    for name, value in headers:
        sent.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").lower())
    problems = [f"Host is {host!r}" for host in sent.get("host", [""]) if not _HERE.fullmatch(host)]
    problems += [f"Origin is {origin!r}" for origin in sent.get("origin", [])]
    problems += [f"Sec-Fetch-Site is {site!r}" for site in sent.get("sec-fetch-site", []) if site not in _OWN_SITES]
    if not problems:
        return None
    return (
        f"DW6107 Refused, since a web page may have sent it: {', '.join(problems)}. The embedded AWS takes requests without Origin, for "
        "localhost, 127.0.0.1, [::1] and names that end with .localhost. Use an AWS SDK or a command line, at one of these names.\n"
    )


def _guarded(original: App) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await original(scope, receive, send)
        elif reason := refusal(scope["headers"]):
            await _refuse(scope["type"], reason, send)
        else:
            await original(scope, receive, _without_cors(send))

    return app


async def _refuse(kind: str, reason: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})  # before it is accepted: a 403
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})


def _without_cors(send: Send) -> Send:
    """Leave out what would let a page read an answer."""

    async def reduced(message: Message) -> None:
        if headers := message.get("headers"):
            kept = [(name, value) for name, value in headers if not name.lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return reduced


PATCHES = (Patch("ministack.app:app", "ab1297bd6cd5", _guarded),)
