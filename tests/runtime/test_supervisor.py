"""The supervisor, with real processes: fallen ones come back, and stopping leaves nobody behind."""

import io
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from safeguarding.runtime import supervisor as module
from safeguarding.runtime.programs import Program
from safeguarding.runtime.supervisor import Stopped, Supervisor
from tests.runtime.processes import PATIENCE, alive, eventually, none_alive

ROOT = Path(__file__).resolve().parents[2]
# Says its process ids and stays; its own child does the same.
FORKS = "import os; os.fork();"
SPEAKS_AND_STAYS = "import os,time; os.write(1, b'pid %d\\n' % os.getpid()); time.sleep(600)"
STAYS = FORKS + SPEAKS_AND_STAYS
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STAYS


def python(name: str, code: str, **fields: object) -> Program:
    return Program(name, (sys.executable, "-c", code), **fields)


def pids_said(out: io.StringIO, name: str) -> list[int]:
    return [int(line.split()[-1]) for line in out.getvalue().splitlines() if line.startswith(name) and "pid" in line]


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.1)


def test_lines_carry_the_name_of_who_spoke(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor:
        code = supervisor.run_once(python("teller", "print('one'); print('two', end='')"))
    assert code == 0
    assert out.getvalue().splitlines() == ["teller   | one", "teller   | two"]


def test_chatter_is_not_repeated(out: io.StringIO) -> None:
    import re

    with Supervisor(ROOT, out) as supervisor:
        supervisor.run_once(python("teller", "print('banner'); print('news')", chatter=re.compile("^banner")))
    assert out.getvalue() == "teller   | news\n"


def test_a_step_reports_its_exit_code(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor:
        assert supervisor.run_once(python("step", "raise SystemExit(3)")) == 3


def test_a_killed_child_is_started_again_and_that_is_said(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor:
        supervisor.start(python("web", STAYS))
        supervisor.wait_until(lambda: len(pids_said(out, "web")) == 2, PATIENCE, "not started")
        first = pids_said(out, "web")
        supervisor.children["web"].process.send_signal(signal.SIGKILL)
        supervisor.wait_until(lambda: len(pids_said(out, "web")) == 4, PATIENCE, "not started again")
        assert "hub      | web was ended by SIGKILL; starting it again in" in out.getvalue()
        # What the fallen one had started itself fell with it.
        eventually(lambda: none_alive(first), "the first family is gone")
        second = pids_said(out, "web")[2:]
        assert all(alive(pid) for pid in second)
    eventually(lambda: none_alive(second), "the second family is gone")


def test_a_child_that_keeps_falling_is_given_longer_and_longer_pauses(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor:
        supervisor.start(python("web", "raise SystemExit(7)"))
        supervisor.wait_until(lambda: supervisor.falls.get("web") == 3, PATIENCE, "did not fall three times")
    assert out.getvalue().count("web ended with exit code 7; starting it again") == 3


def test_pauses_double_up_to_a_bound(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 1.0)
    pauses = []
    with Supervisor(ROOT, out) as supervisor:
        for _ in range(7):
            child = supervisor.start(python("web", "raise SystemExit(7)"))
            child.process.wait()
            supervisor.tick()
            supervisor.due.clear()
            pauses.append(float(out.getvalue().rstrip().rpartition("again in ")[2].split()[0]))
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_stopping_ends_even_the_stubborn_and_their_children(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor:
        supervisor.start(python("mild", STAYS))
        supervisor.start(python("stubborn", STUBBORN, patience=0.5))
        supervisor.wait_until(
            lambda: len(pids_said(out, "mild") + pids_said(out, "stubborn")) == 4, PATIENCE, "not started"
        )
        pids = pids_said(out, "mild") + pids_said(out, "stubborn")
    eventually(lambda: none_alive(pids), "nobody is left")
    assert "stubborn does not stop; ending it." in out.getvalue()
    assert "mild does not stop" not in out.getvalue()


def test_servers_stop_after_those_who_need_them(out: io.StringIO) -> None:
    said = """if True:
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit()))
        print("up", flush=True)
        time.sleep(600)
    """
    with Supervisor(ROOT, out) as supervisor:
        for name in ("postgres", "web"):
            supervisor.start(python(name, said))
        supervisor.wait_until(lambda: out.getvalue().count("up") == 2, PATIENCE, "not started")
    byes = [line.split()[0] for line in out.getvalue().splitlines() if line.endswith("bye")]
    assert byes == ["web", "postgres"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_waiting(out: io.StringIO, number: signal.Signals) -> None:
    with Supervisor(ROOT, out) as supervisor:
        os.kill(os.getpid(), number)
        supervisor.run_until_asked()
        with pytest.raises(Stopped):
            supervisor.wait_until(lambda: False, PATIENCE, "")


def test_waiting_has_an_end_and_says_why(out: io.StringIO) -> None:
    with Supervisor(ROOT, out) as supervisor, pytest.raises(TimeoutError, match="PostgreSQL did not answer"):
        supervisor.wait_until(lambda: False, 0.1, "PostgreSQL did not answer.")


def test_a_supervisor_killed_outright_takes_its_children_along(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from safeguarding.runtime.programs import Program
        from safeguarding.runtime.supervisor import Supervisor
        with Supervisor(Path(".")) as supervisor:
            for name in ("one", "two"):
                supervisor.start(Program(name, (sys.executable, "-c", {SPEAKS_AND_STAYS!r})))
            supervisor.run_until_asked()
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "safeguarding.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    pids = [int(process.stdout.readline().split()[-1]) for _ in range(2)]
    assert all(alive(pid) for pid in pids)
    process.kill()
    process.wait()
    process.stdout.close()
    eventually(lambda: none_alive(pids), "the children of a killed supervisor are gone")
