"""Every wall that stands, weakened in every small way: made from the database's own catalogue, so that a new policy or
function is mutated without being listed here.

A mutant is one or a few statements; PostgreSQL takes them back with the savepoint that they were run in.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from pglast import ast, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType, SetOperation
from pglast.stream import RawStream

from safeguarding.access import key_walls
from safeguarding.access.handlers import APP, DEFINER, NOBODY


@dataclass(frozen=True)
class Mutant:
    """`kind` is what a short run takes one of each of; `place` is the table or function that is weakened."""

    kind: str
    place: str
    what: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.what}"


def ask(query: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


# ---------------------------------------------------------------- expressions

Change = tuple[str, str, Callable[[], None]]


def _nodes(node: Any) -> Iterator[ast.Node]:
    if isinstance(node, tuple | list):
        for each in node:
            yield from _nodes(each)
    elif isinstance(node, ast.Node):
        yield node
        for name in node:
            yield from _nodes(getattr(node, name))


def _short(node: Any) -> str:
    text = RawStream()(node)
    return text if len(text) <= 70 else f"{text[:67]}…"


def _without(items: Any, index: int) -> tuple:
    return tuple(each for at, each in enumerate(items) if at != index)


def _setter(node: ast.Node, **values: Any) -> Callable[[], None]:
    def change() -> None:
        for name, value in values.items():
            setattr(node, name, value)

    return change


def _changes(tree: Any) -> Iterator[Change]:
    """Every small change to an expression or a query: (kind, words, do it)."""
    for node in _nodes(tree):
        match node:
            case ast.BoolExpr(boolop=BoolExprType.AND_EXPR | BoolExprType.OR_EXPR):
                word = "condition" if node.boolop == BoolExprType.AND_EXPR else "way in"
                for at, arm in enumerate(node.args):
                    yield f"{word} dropped", _short(arm), _setter(node, args=_without(node.args, at))
                    if word == "way in":
                        turned = ast.BoolExpr(boolop=BoolExprType.NOT_EXPR, args=(arm,))
                        negated = tuple(turned if place == at else each for place, each in enumerate(node.args))
                        yield f"{word} negated", _short(arm), _setter(node, args=negated)
            case ast.BoolExpr(boolop=BoolExprType.NOT_EXPR):
                yield "denial turned", _short(node), _setter(node, boolop=BoolExprType.OR_EXPR)
            case ast.SelectStmt(op=SetOperation.SETOP_UNION):
                for side, gone in (("larg", "rarg"), ("rarg", "larg")):
                    kept = getattr(node, side)
                    values = {name: getattr(kept, name) for name in kept.__slots__}
                    values["withClause"] = kept.withClause or node.withClause
                    yield "branch dropped", _short(getattr(node, gone)), _setter(node, **values)
            case ast.SelectStmt(valuesLists=[_, _, *_]):
                for at, row in enumerate(node.valuesLists):
                    yield "row dropped", _short(row), _setter(node, valuesLists=_without(node.valuesLists, at))
        if isinstance(node, ast.SelectStmt) and node.whereClause and not isinstance(node.whereClause, ast.BoolExpr):
            yield "only condition dropped", _short(node.whereClause), _setter(node, whereClause=None)
        if isinstance(node, ast.A_Expr) and node.kind == A_Expr_Kind.AEXPR_IN and len(node.rexpr) > 1:
            for at, each in enumerate(node.rexpr):
                yield "name dropped", _short(each), _setter(node, rexpr=_without(node.rexpr, at))
        if isinstance(node, ast.A_ArrayExpr) and len(node.elements or ()) > 1:
            for at, each in enumerate(node.elements):
                yield "name dropped", _short(each), _setter(node, elements=_without(node.elements, at))


def _mutations(sql: str) -> Iterator[tuple[str, str, str]]:
    """(kind, words, the whole query changed in one place)."""
    total = len(list(_changes(parse_sql(sql))))
    for at in range(total):
        tree = parse_sql(sql)
        kind, words, change = list(_changes(tree))[at]
        change()
        yield kind, words, RawStream()(tree)


# ---------------------------------------------------------------- policies


def policy_mutants() -> Iterator[Mutant]:
    rows = ask(
        "SELECT tablename::text, policyname::text, permissive, cmd, roles::text[], qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    for table, policy, permissive, command, roles, qual, check in rows:
        name = f"{policy} on public.{table}"
        place = f"{table}.{policy}"
        if DEFINER in roles:
            yield Mutant("definer's policy dropped", place, "DROP POLICY", (f"DROP POLICY {name}",))
            yield Mutant("definer's policy opened", place, "TO PUBLIC", (f"ALTER POLICY {name} TO PUBLIC",))
            continue
        yield Mutant(f"{permissive.lower()} policy dropped", place, "DROP POLICY", (f"DROP POLICY {name}",))
        yield Mutant("policy for everybody", place, "TO PUBLIC", (f"ALTER POLICY {name} TO PUBLIC",))
        for clause, expression in (("USING", qual), ("WITH CHECK", check)):
            if expression is None:
                continue
            yield Mutant(f"{clause} widened", place, "true", (f"ALTER POLICY {name} {clause} (true)",))
            for kind, words, sql in _mutations(f"SELECT {expression}"):
                changed = sql.removeprefix("SELECT ")
                yield Mutant(f"{kind} in {clause}", place, words, (f"ALTER POLICY {name} {clause} ({changed})",))
        if command == "SELECT" and permissive == "PERMISSIVE":
            yield Mutant("another policy beside", place, "true", (f"CREATE POLICY beside ON public.{table} USING (true)",))  # fmt: skip


# ---------------------------------------------------------------- functions


def functions() -> list[tuple[str, str, str, str, bool]]:
    """(name, signature, language, definition, runs with its owner's rights) of each of ours."""
    return ask(
        "SELECT p.proname::text, p.oid::regprocedure::text, l.lanname::text, pg_get_functiondef(p.oid), p.prosecdef"
        " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'app'::regnamespace ORDER BY 2"
    )


# What PL/pgSQL asks of SQL, or gives back.
EMBEDDED = re.compile(
    r"\bRETURN QUERY\s+(?P<query>.*?);|\bRETURN\s+(?!QUERY|NEXT|NEW|NULL|OLD)(?P<value>\S.*?);|\bIF\s+(?P<asked>.*?)\s+THEN\b",
    re.DOTALL,
)
KEEP_KEYS = {signature.partition("(")[0] for signature in key_walls.DEFINER_FUNCTIONS}
# The rest of it is mutated by its words: (what is found, what stands in its stead).
IN_WORDS = (
    (r"RAISE EXCEPTION 'no principal[^;]*;", "RETURN NULL;"),
    (r"PERFORM app\.uid\(\);", ""),
    (r"app\.service\(\) = ANY \(names\)", "true"),
    (r"app\.service\(\) = ANY \(names\)", "app.service() <> ''"),
)


def _inside(body: str) -> Iterator[tuple[str, str, str]]:
    """(kind, words, the whole body with one of its queries or expressions changed in one place)."""
    for found in EMBEDDED.finditer(body):
        group = found.lastgroup or ""
        as_query = "" if group == "query" else "SELECT "
        for kind, words, sql in _mutations(as_query + found.group(group)):
            start, end = found.span(group)
            yield kind, words, f"{body[:start]}{sql.removeprefix(as_query)}{body[end:]}"


def function_mutants() -> Iterator[Mutant]:
    """Of several that read alike the second and those after it have a number."""
    alike: dict[str, int] = {}
    for mutant in _function_mutants():
        alike[str(mutant)] = number = alike.get(str(mutant), 0) + 1
        yield mutant if number == 1 else replace(mutant, what=f"{mutant.what} ({number})")


def _function_mutants() -> Iterator[Mutant]:
    for name, signature, language, definition, definer in functions():
        head, body, tail = re.fullmatch(r"(.*AS \$function\$)(.*)(\$function\$\s*)", definition, re.DOTALL).groups()
        if language == "sql":
            for kind, words, sql in _mutations(body):
                yield Mutant(f"{kind} in a function", name, words, (f"{head}{sql}{tail}",))
        else:
            # what keeps keys and fills rows in is proved by tests/keys, tests/audit and tests/conditions
            asked = "" if name in KEEP_KEYS or "RETURNS trigger" in head else re.sub(r"--[^\n]*", "", body)
            for kind, words, changed in _inside(asked):
                yield Mutant(f"{kind} in a function", name, words, (f"{head}{changed}{tail}",))
            for found, instead in IN_WORDS:
                if re.search(found, body):
                    changed = re.sub(found, instead, body)
                    yield Mutant("function in other words", name, instead or "dropped", (f"{head}{changed}{tail}",))
        yield Mutant("search_path not fixed", name, "RESET", (f"ALTER FUNCTION {signature} RESET search_path",))
        yield Mutant("function for everybody", name, "PUBLIC", (f"GRANT EXECUTE ON FUNCTION {signature} TO PUBLIC",))
        if definer:
            yield Mutant("definer's rights gone", name, "INVOKER", (f"ALTER FUNCTION {signature} SECURITY INVOKER",))
            yield Mutant("definer is a superuser", name, "owner", (f"ALTER FUNCTION {signature} OWNER TO CURRENT_USER",))  # fmt: skip
        else:
            yield Mutant("definer's rights given", name, "DEFINER", (f"ALTER FUNCTION {signature} SECURITY DEFINER",))


# ---------------------------------------------------------------- tables, roles and what stands beside


def table_mutants(walled: list[str]) -> Iterator[Mutant]:
    for table in walled:
        here = f"public.{table}"
        yield Mutant("wall taken down", table, "DISABLE", (f"ALTER TABLE {here} DISABLE ROW LEVEL SECURITY",))
        yield Mutant("owner let through", table, "NO FORCE", (f"ALTER TABLE {here} NO FORCE ROW LEVEL SECURITY",))
        yield Mutant("app owns a table", table, "owner", (f"ALTER TABLE {here} OWNER TO {APP}",))
        for verb in ("DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            yield Mutant(f"{verb} given to the app", table, verb, (f"GRANT {verb} ON {here} TO {APP}",))
        yield Mutant("nobody may read", table, "SELECT", (f"GRANT SELECT ON {here} TO {NOBODY}",))
        yield Mutant("nobody may read a column", table, "SELECT (id)", (f"GRANT SELECT (id) ON {here} TO {NOBODY}",))
        yield Mutant("everybody may read", table, "SELECT", (f"GRANT SELECT ON {here} TO PUBLIC",))
        yield Mutant(
            "view that runs as its owner", table, "VIEW",
            (f"CREATE VIEW public.a_report AS SELECT * FROM {here}", f"GRANT SELECT ON public.a_report TO {APP}"),
        )  # fmt: skip
        yield Mutant("copy", table, "MATERIALIZED VIEW", (f"CREATE MATERIALIZED VIEW public.a_copy AS SELECT id FROM {here}",))  # fmt: skip
        yield Mutant("table beside", table, "CREATE TABLE AS", (f"CREATE TABLE public.a_copy AS SELECT * FROM {here}",))
        yield Mutant("published", table, "PUBLICATION", (f"CREATE PUBLICATION a_leak FOR TABLE {here}",))


def role_mutants() -> list[Mutant]:
    function = "CREATE FUNCTION public.beside()"
    pairs = [
        ("app bypasses every wall", f"ALTER ROLE {APP} BYPASSRLS"),
        ("app is a superuser", f"ALTER ROLE {APP} SUPERUSER"),
        ("app makes roles", f"ALTER ROLE {APP} CREATEROLE"),
        ("app is a definer", f"GRANT {DEFINER} TO {APP}"),
        ("nobody is the app", f"REVOKE {NOBODY} FROM {APP}; GRANT {APP} TO {NOBODY}"),
        ("definer signs in", f"ALTER ROLE {DEFINER} LOGIN"),
        ("app makes tables", f"GRANT CREATE ON SCHEMA public TO {APP}"),
        ("app makes functions", f"GRANT CREATE ON SCHEMA app TO {APP}"),
        ("definer makes functions", f"GRANT CREATE ON SCHEMA app TO {DEFINER}"),
        ("everybody uses the functions' schema", "GRANT USAGE ON SCHEMA app TO PUBLIC"),
        ("future tables are open", f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {APP}"),
        (
            "another schema",
            "CREATE SCHEMA beside; CREATE TABLE beside.copy AS SELECT * FROM public.alerts_alert;"
            f" GRANT USAGE ON SCHEMA beside TO {APP}; GRANT SELECT ON beside.copy TO {APP}",
        ),
        (
            "a function in public with its owner's rights",
            f"{function} RETURNS bigint SECURITY DEFINER LANGUAGE sql AS 'SELECT count(*) FROM public.alerts_alert'",
        ),
        ("a function that could tell rows", f"{function} RETURNS int LANGUAGE sql COST 0.0001 AS 'SELECT 1'"),
        ("app reads the server's files", f"GRANT pg_read_server_files TO {APP}"),
        ("app reads everything", f"GRANT pg_read_all_data TO {APP}"),
        ("row security off for the app", f"ALTER ROLE {APP} SET row_security = off"),
    ]  # fmt: skip
    return [Mutant("role or schema", "roles", what, tuple(sql.split("; "))) for what, sql in pairs]


def one_of_each_kind(mutants: list[Mutant]) -> list[Mutant]:
    """The short run: the first of each kind."""
    first: dict[str, Mutant] = {}
    for mutant in mutants:
        first.setdefault(mutant.kind.partition(" in ")[0], mutant)
    return list(first.values())
