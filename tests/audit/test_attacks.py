"""A superuser spoils the log in every way we could think of; both verifiers say so, each in its own code (AUD-03)."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from safeguarding.audit import merkle
from safeguarding.audit.canonical import NEWEST, salt
from safeguarding.audit.export import export_lines
from safeguarding.audit.findings import Report
from safeguarding.audit.reading import contents
from safeguarding.audit.sealing import Sealer
from safeguarding.audit.statements import Statement
from safeguarding.audit.verification import verify
from safeguarding.crypto.signing import fingerprint, public_key, sign
from tests.audit.support import INSERT, KEY, OTHER_KEY, Log, another_session
from tests.support.db import fixtures

pytestmark = pytest.mark.django_db
OFFLINE = Path(settings.ROOT_DIR) / "docs" / "verify_audit_export.py"
FIRST_KEY = fingerprint(public_key(KEY))


class Superuser:
    """Past every wall, in the transaction of the test."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        with fixtures(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement, values)


@pytest.fixture
def filled(log: Log) -> Log:
    """Seals 2, 3 and 4 with six, five and four entries."""
    for count in (6, 5, 4):
        log.remember(count)
        log.seal()
    return log


def online(log: Log) -> Report:
    return verify([log.outside], key=FIRST_KEY)


def offline(log: Log, tmp_path: Path, *, agency_id: int | None = None) -> tuple[int, str]:
    """What the one file says of an export."""
    file = tmp_path / "export.jsonl"
    file.write_text("".join(export_lines([log.outside], agency_id=agency_id)))
    done = check_file(file, tmp_path, "--key", FIRST_KEY, "--heads", str(log.outside))
    return done.returncode, done.stdout + done.stderr


def check_file(file: Path, directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """In an interpreter that knows nothing of the Hub."""
    return subprocess.run(
        [sys.executable, "-I", str(OFFLINE), str(file), *arguments],
        cwd=directory,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def edit(log: Log, session: Superuser, number: int) -> None:
    session.execute("UPDATE audit_auditentry SET actor_id = NULL, event = 'user.signed_out' WHERE id = %s", [number])


def delete(log: Log, session: Superuser, number: int) -> None:
    session.execute("DELETE FROM audit_auditentry WHERE id = %s", [number])


def back_date(log: Log, session: Superuser, number: int) -> None:
    session.execute("UPDATE audit_auditentry SET timestamp = timestamp - interval '1 day' WHERE id = %s", [number])


def move_to_another_tenant(log: Log, session: Superuser, number: int) -> None:
    session.execute(
        "UPDATE audit_auditentry SET agency_id = %s, partnership_id = NULL WHERE id = %s", [log.world.police.pk, number]
    )


def cut_the_tail(log: Log, session: Superuser, number: int) -> None:
    session.execute("DELETE FROM audit_auditentry WHERE id > (SELECT max(id) - 2 FROM audit_auditentry)")


def cut_the_tail_and_its_seal(log: Log, session: Superuser, number: int) -> None:
    for entry, _ in log.seals()[-1].listed:
        delete(log, session, entry)
    session.execute("DELETE FROM audit_seal WHERE id = 4")


def cut_everything(log: Log, session: Superuser, number: int) -> None:
    session.execute("TRUNCATE audit_auditentry, audit_seal")


def delete_a_seal_in_the_middle(log: Log, session: Superuser, number: int) -> None:
    session.execute("DELETE FROM audit_seal WHERE id = 3")
    session.execute("UPDATE audit_seal SET id = 3 WHERE id = 4")


def swap_two_seals(log: Log, session: Superuser, number: int) -> None:
    session.execute("UPDATE audit_seal SET id = -id WHERE id IN (2, 3)")
    session.execute("UPDATE audit_seal SET id = CASE id WHEN -2 THEN 3 ELSE 2 END WHERE id < 0")


def swap_two_entries(log: Log, session: Superuser, number: int) -> None:
    session.execute(
        "UPDATE audit_auditentry a SET additional_data = b.additional_data, agency_id = b.agency_id FROM audit_auditentry b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))", [number, number + 1, number + 1, number],
    )  # fmt: skip


def invent_an_old_entry(log: Log, session: Superuser, number: int) -> None:
    """Under a number that was free, and left to the sealer."""
    session.execute(
        INSERT.replace("(timestamp,", "(id, timestamp,").replace("VALUES (", "VALUES (1, "), ["user.signed_in"]
    )
    log.remember()
    log.seal()


def invent_an_entry_of_last_week(log: Log, session: Superuser, number: int) -> None:
    """Under the next number, so that the sealer seals it."""
    session.execute(INSERT.replace("now()", "now() - interval '7 days'"), ["user.signed_in"])
    log.seal()


def _invent_under(session: Superuser, number: int) -> None:
    """Under a number that was never given out, dated a year ago."""
    session.execute("ALTER TABLE audit_auditentry DROP CONSTRAINT IF EXISTS audit_id_was_given_out")
    session.execute(
        INSERT.replace("(timestamp,", "(id, timestamp,").replace("VALUES (now()", f"VALUES ({number}, now() - interval '1 year'"),
        ["user.signed_in"],
    )  # fmt: skip


def invent_an_entry_below_all_numbers(log: Log, session: Superuser, number: int) -> None:
    _invent_under(session, -1)
    log.remember()
    log.seal()


def invent_an_entry_under_nought(log: Log, session: Superuser, number: int) -> None:
    _invent_under(session, 0)


def invent_an_entry_under_the_lowest_number(log: Log, session: Superuser, number: int) -> None:
    _invent_under(session, -(2**63))


def invent_an_entry_under_the_highest_number(log: Log, session: Superuser, number: int) -> None:
    _invent_under(session, 2**63 - 1)


def drop_from_the_seal_too(log: Log, session: Superuser, number: int) -> None:
    """Deletes the entry and takes it out of the list under its seal."""
    delete(log, session, number)
    seal = next(seal for seal in log.seals() if number in dict(seal.listed))
    kept = b"".join(n.to_bytes(8, "big") + leaf for n, leaf in seal.listed if n != number)
    session.execute("UPDATE audit_seal SET leaves = %s WHERE id = %s", [kept, seal.pk])


def _sign_all_anew(log: Log, session: Superuser, key: bytes, number: int) -> None:
    """The whole chain from the first seal on, consistent in itself, over a log without `number`."""
    delete(log, session, number)
    prev, total = "0" * 64, 0
    for seal in log.seals():
        old = seal.signed.statement
        kept = [n for n, _ in seal.listed if n != number]
        found, secret = contents([(NEWEST, n) for n in kept]), bytes(seal.secret)
        listed = [(n, merkle.leaf(n, salt(secret, n), found[n][1])) for n in kept]
        total += len(listed)
        new = Statement(
            **{
                **vars(old),
                "prev": prev,
                "count": len(listed),
                "total": total,
                "root": merkle.root([leaf for _, leaf in listed]).hex(),
                "key": fingerprint(public_key(key)),
                "public": public_key(key).hex() if old.public else "",
            }
        )
        seal.statement = new.text()
        prev = seal.signed.hash
        session.execute(
            "UPDATE audit_seal SET statement = %s, signature = %s, leaves = %s WHERE id = %s",
            [
                new.text(),
                sign(key, new.text().encode()),
                b"".join(n.to_bytes(8, "big") + leaf for n, leaf in listed),
                seal.pk,
            ],
        )


def sign_anew_with_another_key(log: Log, session: Superuser, number: int) -> None:
    _sign_all_anew(log, session, OTHER_KEY, number)


def sign_anew_with_the_stolen_key(log: Log, session: Superuser, number: int) -> None:
    _sign_all_anew(log, session, KEY, number)


ATTACKS: dict[Callable[[Log, Superuser, int], None], str] = {
    edit: "changed",
    delete: "deleted",
    back_date: "changed",
    move_to_another_tenant: "changed",
    cut_the_tail: "deleted",
    cut_the_tail_and_its_seal: "cut off",
    cut_everything: "cut off",
    delete_a_seal_in_the_middle: "seal moved",
    swap_two_seals: "seal moved",
    swap_two_entries: "changed",
    invent_an_old_entry: "slipped in",
    invent_an_entry_of_last_week: "misdated",
    invent_an_entry_below_all_numbers: "slipped in",
    invent_an_entry_under_nought: "slipped in",
    invent_an_entry_under_the_lowest_number: "slipped in",
    invent_an_entry_under_the_highest_number: "slipped in",
    drop_from_the_seal_too: "seal changed",
    sign_anew_with_another_key: "rewritten",
    sign_anew_with_the_stolen_key: "rewritten",
}


@pytest.mark.req("AUD-03")
@pytest.mark.django_db(transaction=True)
def test_an_honest_log_is_found_whole_by_both(filled: Log, tmp_path: Path) -> None:
    with another_session() as long_open:
        long_open.execute(INSERT, ["user.signed_in"])
        filled.remember(2)
        filled.seal()
        long_open.commit()
    filled.seal()
    report = online(filled)
    assert (report.is_whole, report.lines()) == (True, report.lines())
    assert (report.seals, report.entries, report.notes) == (6, 18, [])
    code, said = offline(filled, tmp_path)
    assert code == 0, said
    assert "6 seals, 18 entries shown" in said
    for agency in (filled.world.school, filled.world.mash):
        code, said = offline(filled, tmp_path, agency_id=agency.pk)
        assert code == 0, said


@pytest.mark.req("AUD-03")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_superuser_s_attack_is_found_by_both(
    attack: Callable[[Log, Superuser, int], None], filled: Log, tmp_path: Path
) -> None:
    target = filled.seals()[1].listed[2][0]
    attack(filled, Superuser(), target)
    report = online(filled)
    assert ATTACKS[attack] in report.kinds(), report.lines()
    code, said = offline(filled, tmp_path)
    assert code == 1, said


@pytest.mark.req("AUD-03")
def test_an_entry_below_all_numbers_is_found_by_a_look_at_the_last_days_too(filled: Log, tmp_path: Path) -> None:
    moment = filled.seals()[-1].signed.statement.moment
    _invent_under(Superuser(), -1)
    assert verify([filled.outside], since=moment).kinds() == {"slipped in"}
    file = tmp_path / "late.jsonl"
    file.write_text("".join(export_lines([filled.outside], since=moment)))
    assert check_file(file, tmp_path).returncode == 1


@pytest.mark.req("AUD-03")
@pytest.mark.parametrize("number", [0, -1])
def test_the_table_takes_no_number_that_the_sequence_never_gives_out(log: Log, number: int) -> None:
    invent = INSERT.replace("(timestamp,", "(id, timestamp,").replace("VALUES (", f"VALUES ({number}, ")
    with pytest.raises(IntegrityError, match="audit_id_was_given_out"), transaction.atomic():
        Superuser().execute(invent, ["user.signed_in"])


@pytest.mark.req("AUD-03")
def test_what_is_hidden_from_an_agency_spoils_that_agency_s_own_export(filled: Log, tmp_path: Path) -> None:
    """Moved to another tenant, an entry no longer shows; the agency it was taken from finds out without seeing it."""
    school, target = filled.world.school, filled.seals()[1].listed[0][0]
    assert offline(filled, tmp_path, agency_id=school.pk)[0] == 0
    move_to_another_tenant(filled, Superuser(), target)
    code, said = offline(filled, tmp_path, agency_id=school.pk)
    assert code == 1
    assert "What lies under seal 2" in said
    assert "that this file does not show" in said


@pytest.mark.req("AUD-03", "NTK-01")
def test_an_agency_s_export_shows_nothing_of_another_s(filled: Log) -> None:
    school = filled.world.school
    lines = [json.loads(line) for line in export_lines([filled.outside], agency_id=school.pk)]
    shown = [json.loads(item["entry"]) for line in lines[1:-1] for item in line["entries"]]
    assert [entry["agency_id"] for entry in shown] == [school.pk] * 6
    strangers = set(filled.entries()) - {entry["id"] for entry in shown}
    assert strangers
    text = "".join(export_lines([filled.outside], agency_id=school.pk))
    assert not any(f'\\"id\\":{number}' in text for number in strangers)
    # and a hash cannot be guessed: its salt is not in the file
    salts = {salt(bytes(seal.secret), number).hex() for seal in filled.seals() for number, _ in seal.listed}
    assert sum(each in text for each in salts) == len(shown)


@pytest.mark.req("AUD-03")
def test_a_file_that_was_cut_or_touched_on_its_way_is_found(filled: Log, tmp_path: Path) -> None:
    whole = list(export_lines([filled.outside]))
    file = tmp_path / "touched.jsonl"
    for lines in (whole[:-1], [*whole[:2], *whole[3:]], [line.replace("signed_in", "signed_up") for line in whole]):
        file.write_text("".join(lines))
        assert check_file(file, tmp_path).returncode == 1
    file.write_text("".join(whole))
    assert check_file(file, tmp_path).returncode == 0
    file.write_text("a letter\n")
    assert check_file(file, tmp_path).returncode == 2


@pytest.mark.req("AUD-03")
def test_from_a_day_on_and_after_a_change_of_keys_both_still_hold(filled: Log, tmp_path: Path) -> None:
    both = Sealer({1: KEY, 2: OTHER_KEY}, [filled.outside])
    both.round()
    filled.remember(3)
    both.round()
    report = online(filled)
    assert report.is_whole, report.lines()
    assert offline(filled, tmp_path)[0] == 0
    moment = filled.seals()[-1].signed.statement.moment
    late = verify([filled.outside], since=moment)
    assert (late.is_whole, late.seals, late.entries) == (True, 1, 3), late.lines()
    file = tmp_path / "late.jsonl"
    file.write_text("".join(export_lines([filled.outside], since=moment)))
    done = check_file(file, tmp_path)
    assert (done.returncode, "1 seals, 3 entries" in done.stdout) == (0, True), done.stdout
    edit(filled, Superuser(), filled.seals()[-1].listed[0][0])
    assert verify([filled.outside], since=moment).kinds() == {"changed"}


@pytest.mark.req("AUD-03")
def test_a_restore_that_was_owned_up_to_is_told_each_time_and_is_no_forgery(filled: Log, tmp_path: Path) -> None:
    cut_the_tail_and_its_seal(filled, Superuser(), 0)
    filled.sealer = Sealer({1: KEY}, [filled.outside])
    filled.sealer.accept_loss("the disk broke")
    filled.remember(2)
    filled.seal()
    report = online(filled)
    assert report.is_whole, report.lines()
    assert "The reason given: the disk broke" in report.notes[0]
    code, said = offline(filled, tmp_path)
    assert code == 0, said
    assert "The reason given: the disk broke" in said


@pytest.mark.req("AUD-03")
def test_without_a_head_outside_nobody_is_told_that_all_is_well(filled: Log) -> None:
    assert verify([]).kinds() == {"no head"}
    for path in filled.outside.glob("heads-*"):
        path.unlink()
    assert verify([filled.outside]).kinds() == {"head cut"}


@pytest.mark.req("AUD-03")
def test_the_commands_say_it_in_words_and_by_exit_code(filled: Log, tmp_path: Path) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "Nothing was altered, left out, slipped in or cut off." in out.getvalue()
    edit(filled, Superuser(), filled.seals()[1].listed[0][0])
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", since="2020-01-01", stdout=out)
    assert ended.value.code == 1
    assert "was altered after it had been sealed" in out.getvalue()
    file = tmp_path / "school.jsonl"
    call_command("export_audit", str(file), agency=filled.world.school.slug, stdout=StringIO())
    assert check_file(file, tmp_path).returncode == 1
    with pytest.raises(CommandError, match="there already"):
        call_command("export_audit", str(file), stdout=StringIO())
    with pytest.raises(CommandError, match="no date"):
        call_command("verify_audit", since="yesterday", stdout=StringIO())
