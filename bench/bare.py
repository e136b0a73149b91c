"""A bare Django page to compare with: session, user, one query of plain rows, a template; nothing of ours."""

from typing import Any

from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Engine
from django.urls import path

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROWS = 25
TABLE = """
CREATE TABLE IF NOT EXISTS bench_plain AS
SELECT g AS id, 'Ottilie' || g AS given_name, 'Quillfeather-' || g AS family_name, 'R-' || g AS ref, 'Acknowledged' AS status,
       'Domestic abuse' AS kind, now() - g * interval '1 hour' AS sent_at, now() + g * interval '1 hour' AS due_at
FROM generate_series(1, 1000) g
"""
_ROW = (
    '<tr><th scope="row"><a href="/alerts/{{ row.0 }}/">{{ row.1 }} {{ row.2 }}</a><br>{{ row.3 }}</th><td>{{ row.4 }}</td>'
    '<td>{{ row.5 }}</td><td>{{ row.6|date:"j F Y, H:i" }}</td><td>{{ row.7|date:"j F Y, H:i" }}</td></tr>'
)
_PAGE = (
    "<!doctype html><html><body><h1>{{ user.name }}</h1><table>{% for row in rows %}"
    + _ROW
    + "{% endfor %}</table>{{ rest }}"
)
_template = Engine(autoescape=True).from_string(_PAGE)
# set by the bench: as many bytes as the page that it is compared with
rest = ""


def page(request: HttpRequest) -> HttpResponse:
    user = get_user(request)
    if not user.is_authenticated:
        return HttpResponseRedirect("/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM bench_plain ORDER BY id LIMIT %s", [ROWS])
        rows: list[Any] = cursor.fetchall()
    return HttpResponse(_template.render(Context({"user": user, "rows": rows, "rest": rest})))


urlpatterns = [path("bare/", page)]
