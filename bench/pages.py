"""Whole requests through every middleware, decrypting and audit included, against a bare signed-in Django page of the same size."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from bench import bare, world
from bench.measure import Result, compare, show
from safeguarding.agencies.models import User

LIMIT = 3.0
PAGES: dict[str, tuple[str, Callable[[], User], float | None]] = {
    "inbox of a DSL with 200": ("/alerts/", lambda: world.lead_with(200), LIMIT),
    "inbox of a DSL with 1,000": ("/alerts/", lambda: world.lead_with(1000), LIMIT),
    "queue of a hub with 1,000 waiting": ("/queue/", lambda: world.officer_of(1), None),
    "corrections that wait at a hub with 1,000": ("/corrections/", lambda: world.officer_of(1), None),
    "board of a hub with a tenth of all alerts": ("/sent/", lambda: world.officer_of(0), None),
    "bells of a hub, eighteen days": ("/bell/", lambda: world.officer_of(0), None),
    "today of a hub": ("/today/", lambda: world.officer_of(0), None),
    "today of a DSL with 1,000": ("/today/", lambda: world.lead_with(1000), None),
    "notifications of a police force": ("/notifications/", lambda: world.constable_of(0), None),
    "referrals of a hub with 1,000": ("/referrals/", lambda: world.officer_of(1), LIMIT),
    "referrals made, of 1,000": ("/referrals/mine/", lambda: world.officer_of(1), LIMIT),
    "strategy discussions asked for, of 1,000": ("/strategy/", lambda: world.officer_of(1), LIMIT),
    "requests of a hub with 1,000": ("/requests/", lambda: world.officer_of(1), LIMIT),
    "questions to a partner with 1,000": ("/asked/", lambda: world.desk_of(1), LIMIT),
    "children who moved, of 1,000": ("/moved/", lambda: world.officer_of(1), LIMIT),
    "files of a setting with 1,000": ("/files/", lambda: world.lead_with(1000), LIMIT),
    "transfers of a setting with 1,000": ("/transfers/", lambda: world.lead_with(1000), LIMIT),
    "conversations of a setting with 1,000": ("/talk/", lambda: world.lead_with(1000), LIMIT),
    "conversations of a hub": ("/talk/", lambda: world.officer_of(0), LIMIT),
    "what waits at a setting with 1,000": ("/alerts/waiting/", lambda: world.lead_with(1000), LIMIT),
    "adults who work with children, of 1,000": ("/adults/", lambda: world.manager_of(0), LIMIT),
}
# The same page for somebody with few and for somebody with many rows.
PAIRS: dict[str, tuple[str, Callable[[], User], Callable[[], User]]] = {
    "inbox, 10 and 1,000 alerts": ("/alerts/", lambda: world.lead_with(10), lambda: world.lead_with(1000)),
    "queue, 10 and 1,000 notifications": ("/queue/", lambda: world.officer_of(2), lambda: world.officer_of(1)),
    "corrections, 10 and 1,000": ("/corrections/", lambda: world.officer_of(2), lambda: world.officer_of(1)),
    **{
        f"{what}, 10 and 1,000": (path, lambda: world.officer_of(2), lambda: world.officer_of(1))
        for what, path in (
            ("referrals", "/referrals/"),
            ("strategy discussions", "/strategy/"),
            ("requests", "/requests/"),
            ("children who moved", "/moved/"),
        )
    },
    **{
        f"{what}, 10 and 1,000": (path, lambda: world.lead_with(10), lambda: world.lead_with(1000))
        for what, path in (
            ("files", "/files/"),
            ("transfers", "/transfers/"),
            ("conversations", "/talk/"),
            ("what waits at a setting", "/alerts/waiting/"),
        )
    },
    "questions to a partner, 10 and 1,000": ("/asked/", lambda: world.desk_of(2), lambda: world.desk_of(1)),
}


def signed_in(user: User) -> str:
    """The cookie of a session with a second factor, as the sign-in makes it."""
    from importlib import import_module

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    with transaction.atomic():
        store.save()
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def get(handler: WSGIHandler, path: str, cookie: str) -> tuple[str, bytes]:
    status = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    response = handler(environ, lambda line, headers, *_: status.append(line))
    body = b"".join(response)
    response.close()
    return status[0], body


def _bare_handler() -> WSGIHandler:
    with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
        handler = WSGIHandler()
    inner = handler.get_response

    def with_urls(request: Any) -> Any:
        request.urlconf = "bench.bare"
        return inner(request)

    handler.get_response = with_urls  # type: ignore[method-assign]  # the one address of the bare page
    return handler


def whole_requests() -> list[Result]:
    scale = world.LARGEST
    ours, plain = WSGIHandler(), _bare_handler()
    with world.raw(scale) as hand:
        hand.execute(bare.TABLE)
    results = []
    for what, (path, find, target) in PAGES.items():
        world.use(scale)
        user = find()
        cookie = signed_in(user)
        status, body = get(ours, path, cookie)
        assert status.startswith("200"), f"{path} is {status}"
        bare.rest = ""
        world.use(scale, bare=True)
        bare.rest = "x" * max(0, len(body) - len(get(plain, "/bare/", cookie)[1]))

        def page(path: str = path, cookie: str = cookie) -> None:
            world.use(scale)
            get(ours, path, cookie)

        def limit(cookie: str = cookie) -> None:
            world.use(scale, bare=True)
            get(plain, "/bare/", cookie)

        world.use(scale)
        with CaptureQueriesContext(connection) as asked:
            get(ours, path, cookie)
        note = f"{len(body) / 1000:.0f} kB, {len(asked)} statements"
        results.append(compare(what, page, limit, target=target, note=note))
    return show("Whole requests, against a bare signed-in Django page of the same size", results)


def constant_queries() -> list[Result]:
    handler = WSGIHandler()
    results = []
    for what, (path, few, many) in PAIRS.items():
        counts = []
        world.use(world.LARGEST)
        for find in (few, many):
            cookie = signed_in(find())
            get(handler, path, cookie)
            with CaptureQueriesContext(connection) as asked:
                get(handler, path, cookie)
            counts.append(len(asked))
        results.append(Result(f"{what}: statements", counts[1], counts[0], 1.0))
    return show("As many statements for many rows as for few (counts, not milliseconds)", results)


def main() -> list[Result]:
    return whole_requests() + constant_queries()
