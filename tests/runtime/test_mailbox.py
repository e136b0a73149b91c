"""The local mailbox takes real SMTP and keeps what it got."""

import mailbox
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.runtime.processes import eventually

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[int, Path, subprocess.Popen[str]]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "safeguarding.runtime.smtp", str(tmp_path / "mail"), str(port)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    eventually(lambda: listens(port), "the mailbox listens")
    yield port, tmp_path / "mail", process
    process.terminate()
    process.communicate()


def test_a_message_is_kept_with_its_recipients(sink: tuple[int, Path, subprocess.Popen[str]]) -> None:
    port, place, _ = sink
    message = EmailMessage()
    message["Subject"] = "Alert A-7K3M-Q9XD"
    message["From"] = "hub@hub.example"
    message["To"] = "dsl@meadow.wexbourne.example"
    message.set_content("Ünïcode, and a dot line:\n.\nend")
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message, to_addrs=["dsl@meadow.wexbourne.example", "deputy@meadow.wexbourne.example"])
    (kept,) = mailbox.Maildir(place)
    assert kept["Subject"] == "Alert A-7K3M-Q9XD"
    assert kept.get_all("Delivered-To") == ["dsl@meadow.wexbourne.example", "deputy@meadow.wexbourne.example"]
    assert "Ünïcode" in kept.get_payload(decode=True).decode()


def test_a_message_too_large_is_refused(sink: tuple[int, Path, subprocess.Popen[str]]) -> None:
    port, place, _ = sink
    with smtplib.SMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPException):
        client.sendmail("a@hub.example", ["b@hub.example"], "x" * (2 * 1024 * 1024))
    assert len(mailbox.Maildir(place)) == 0


def test_a_port_in_use_is_said_in_a_sentence(sink: tuple[int, Path, subprocess.Popen[str]], tmp_path: Path) -> None:
    port, _, _ = sink
    second = subprocess.run(
        [sys.executable, "-m", "safeguarding.runtime.smtp", str(tmp_path / "mail"), str(port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"The mailbox cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_it_stops_when_asked(sink: tuple[int, Path, subprocess.Popen[str]]) -> None:
    _, _, process = sink
    process.terminate()
    assert process.wait(timeout=30) == 0
