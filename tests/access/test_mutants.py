"""Each wall weakened on purpose: a proof that never fails proves nothing.

The mutants are made from what stands in the database (mutants.py); one that no judge notices fails here by name.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.access import test_catalogue
from tests.access.judges import JUDGES
from tests.access.mutants import (
    Mutant,
    ask,
    function_mutants,
    one_of_each_kind,
    policy_mutants,
    role_mutants,
    table_mutants,
)
from tests.access.oracle import Oracle
from tests.access.plan import House
from tests.access.statements import table_of
from tests.access.test_matrix import WALLED
from tests.access.unnoticed import UNNOTICED
from tests.support.db import fixtures

# The named quick subset: nothing else is asked, so that what it lets live would live in `make test`, too.
AS_OWNER = "test_walls_can_be_put_up_twice_and_the_database_knows_which_stand"  # puts the walls up again
CATALOGUE = {
    name: check for name, check in vars(test_catalogue).items() if name.startswith("test_") and name != AS_OWNER
}


@contextmanager
def weakened(mutant: Mutant) -> Iterator[None]:
    """The database with one wall weakened; all is taken back afterwards."""
    with transaction.atomic():
        with fixtures(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks waiting cannot be altered
            for statement in mutant.statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def killer(mutant: Mutant, house: House, oracle: Oracle) -> str:
    """The name of the first check that notices; empty when none does."""
    before = _NOTICED.setdefault(mutant.place, {})
    with weakened(mutant):
        for name, check in sorted(_checks(mutant, house, oracle), key=lambda pair: before.get(pair[0], 0)):
            try:
                with transaction.atomic():
                    noticed = next(iter(check() or ()), None) is not None
                    transaction.set_rollback(True)
            except (AssertionError, DatabaseError):
                noticed = True
            if noticed:
                before[name] = min(before.values(), default=0) - 1
                return name
    return ""


# Who noticed other weaknesses of one place: the last of them is asked first.
_NOTICED: dict[str, dict[str, int]] = {}


def _checks(mutant: Mutant, house: House, oracle: Oracle) -> Iterator[tuple[str, Callable[[], object]]]:
    """Those that are likely to notice come first. No row tells where no policy speaks of what is weakened, not even through others."""
    catalogue = [(f"catalogue: {name}", check) for name, check in CATALOGUE.items()]
    table, _, policy = mutant.place.partition(".")
    spoken_of = {f"FROM {table} "} if policy else _words_for(mutant)
    near = {label: _distance(table, spoken_of, label) for label in WALLED}
    likely = _LIKELY.get(policy) or (ALL if min(near.values()) < FAR else OF_FUNCTIONS)

    def unlikely(pair: tuple[str, str]) -> tuple[bool, int, str]:
        label, name = pair
        return name not in likely, near[label], label

    pairs = [(label, name) for label in WALLED for name in JUDGES if near[label] < FAR or name in OF_FUNCTIONS]
    judges = [
        (f"{name}: {label}", lambda name=name, label=label: JUDGES[name](label, house, oracle))
        for label, name in sorted(pairs, key=unlikely)
    ]
    # whom a policy is for stands in the catalogue: no row tells of it
    by_rows = (policy or " in " in mutant.kind) and not mutant.kind.startswith(("definer", "policy for everybody"))
    yield from judges + catalogue if by_rows else catalogue + judges


_LIKELY = {"need_to_know": {"reads"}, "adds": {"inserts", "variants"}, "changes": {"updates"}}
# what policies do not ask is asked by a page
OF_FUNCTIONS = {
    *("who can see", "shown", "purge", "waiting", "clearance", "records of a child", "glass", "not told", "sees")
}
ALL = set(JUDGES)
FAR = 2
_SPOKEN_OF: dict[str, set[str]] = {}
_ASKED_BY: dict[str, str] = {}


def _words_for(mutant: Mutant) -> set[str]:
    """How policies ask for what is weakened: the function itself or one that asks it; of one kind of record, for that kind."""
    if not _ASKED_BY:
        _ASKED_BY.update(ask("SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = 'app'::regnamespace"))
    words = {f"{mutant.place}("}
    if kind := _kind_of(mutant):
        words = {f"my_agencies('{kind}'", f"my_people('{kind}'"}
    new = words
    while new:
        asking = {f"{name}(" for name, body in _ASKED_BY.items() if any(f"app.{each}" in body for each in new)}
        new = asking - words - {"my_people("}
        words = words | new
    return words


def _kind_of(mutant: Mutant) -> str:
    """Whose row was dropped from the table of roles and kinds, or which no longer does without training."""
    of_kinds = mutant.kind in ("row dropped in a function", "name dropped in a function")
    of_kinds = of_kinds and mutant.place == "my_agencies"
    return mutant.what.split("'")[1] if of_kinds else ""


def _distance(place: str, spoken_of: set[str], label: str) -> int:
    """0 for the mutated table itself, 1 for those whose policies speak of it, or of a function that was mutated."""
    table = table_of(label)
    if place == table:
        return 0
    if not _SPOKEN_OF:
        for name, policy in ask(
            "SELECT tablename::text, concat(qual, with_check) FROM pg_policies WHERE schemaname = 'public'"
        ):
            _SPOKEN_OF.setdefault(name, set()).add(policy)
    return 1 if any(words in policy for policy in _SPOKEN_OF.get(table, ()) for words in spoken_of) else FAR


def _alike(mutant: Mutant) -> str:
    """Nobody in the database asks for records of this kind: the app's own queries do (access/querysets.py)."""
    if kind := _kind_of(mutant):
        asked = [body for name, body in ask("SELECT proname::text, prosrc FROM pg_proc") if name != "my_agencies"]
        asked += [body for _, body in ask("SELECT policyname::text, concat(qual, with_check) FROM pg_policies")]
        if not any(f"'{kind}'" in body for body in asked):
            return "nobody: no function or policy asks for this kind"
    return ""


def judge(mutants: list[Mutant], house: House, oracle: Oracle, part: str) -> None:
    """All are noticed but those of unnoticed.py; who noticed which is written to var/test/mutants/."""
    file = Path(settings.ROOT_DIR) / "var" / "test" / "mutants" / f"{part}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    alive = []
    with file.open("w", encoding="utf-8") as table:
        for mutant in mutants:
            by = _alike(mutant) or killer(mutant, house, oracle)
            alive += [str(mutant)] if not by else []
            table.write(f"{mutant} → {by or 'SURVIVED'}\n")
            table.flush()
    assert alive == [str(mutant) for mutant in mutants if str(mutant) in UNNOTICED]


@pytest.mark.req("NTK-01", "NTK-08", "ALR-09")
@pytest.mark.parametrize("name", ["no principal", "variants", *sorted(OF_FUNCTIONS)])
def test_these_judges_find_nothing_in_the_walls_that_stand(house: House, oracle: Oracle, name: str) -> None:
    """The others are asked one by one in test_matrix and test_blind_writes; a judge that always complained would be none."""
    assert not [wrong for label in WALLED for wrong in JUDGES[name](label, house, oracle)]


@pytest.mark.req("NTK-01", "NTK-02")
def test_some_weaknesses_are_noticed(house: House, oracle: Oracle) -> None:
    """In policies; functions, rights and roles are left to the long form: the catalogue's tests name most of them outright."""
    judge(one_of_each_kind(list(policy_mutants()))[::3], house, oracle, "quick")


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02")
def test_one_weakness_of_every_kind_is_noticed(house: House, oracle: Oracle) -> None:
    judge(one_of_each_kind(list(policy_mutants())), house, oracle, "one-of-each")


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.parametrize("part", range(4))
def test_every_weakened_policy_is_noticed(house: House, oracle: Oracle, part: int) -> None:
    judge(list(policy_mutants())[part::4], house, oracle, f"policies-{part}")


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.parametrize("part", range(4))
def test_every_weakened_function_is_noticed(house: House, oracle: Oracle, part: int) -> None:
    judge(list(function_mutants())[part::4], house, oracle, f"functions-{part}")


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02")
def test_every_right_too_many_is_noticed(house: House, oracle: Oracle) -> None:
    judge([*table_mutants([table_of(label) for label in WALLED]), *role_mutants()], house, oracle, "rights")
