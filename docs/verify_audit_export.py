#!/usr/bin/env python3
"""Checks an export of the Safeguarding Hub's audit log, without the Hub and without its database.

    pip install cryptography
    python verify_audit_export.py export.jsonl --heads /path/to/copy/of/heads --key FINGERPRINT

It reads one file that `manage.py export_audit` wrote, and shares no code with the Hub. With --heads (a directory or a
file with the head that the sealer keeps outside of the database) it also finds out whether the end was cut off; with
--key (the fingerprint that your partnership noted when sealing began) whether somebody signed it all anew. Exit code
0: whole; 1: something was done to the log; 2: the file cannot be read.

The format is described in docs/audit.md.
"""

import argparse
import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE = timedelta(minutes=2)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def fingerprint(public):
    return hashlib.sha256(public).hexdigest()[:32]


def signed_by(public, text, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), text.encode("utf-8"))
    except (InvalidSignature, ValueError):
        return False
    return True


def fold(tree, leaves):
    """The root of a tree of which some leaves are shown and the rest is folded into hashes."""
    if isinstance(tree, list):
        return sha256(b"\x01", fold(tree[0], leaves), fold(tree[1], leaves))
    return leaves[tree] if isinstance(tree, int) else bytes.fromhex(tree)


def positions(tree):
    if isinstance(tree, list):
        return positions(tree[0]) + positions(tree[1])
    return [tree] if isinstance(tree, int) else []


class Check:
    def __init__(self, pinned=""):
        self.pinned = pinned
        self.findings = []
        self.notes = []
        self.before = None
        self.before_hash = "0" * 64
        self.keys = {}
        self.expected = ""
        self.signers = set()
        self.seen = set()
        self.recent = []
        self.settled = 0
        self.seals = self.entries = 0
        self.hashes = {}

    def find(self, words):
        self.findings.append(words)

    # ---------------------------------------------------------------- the file
    def read(self, lines):
        head = json.loads(next(lines))
        if head.get("format") != "safeguarding-hub audit export" or head.get("version") != 1:
            raise ValueError("this is no export of the audit in a version that I know")
        self.agency, self.first, self.whole = head["agency"], head["first"], head["agency"] is None
        for signed in head["keys"]:
            self.learn_earlier(signed)
        self.head = head["head"]
        if self.head:
            self.learn(json.loads(self.head["statement"]))
        self.ended = False
        for line in lines:
            said = json.loads(line)
            if "statement" in said:
                self.seal(said)
            elif "unsealed" in said:
                entry = json.loads(said["unsealed"])
                self.find(
                    f"Entry {entry['id']} was slipped in past the sealer: no seal covers it, and none was to come."
                )
            elif said.get("end"):
                self.ended = said["seals"] == self.seals and said["entries"] == self.entries
        if not self.ended:
            self.find("The file itself is not whole: lines are missing, or its end is.")
        if head["to_the_end"] and self.head:
            self.compare_head(self.head["statement"], "the head in the file")
        if self.pinned and self.pinned not in self.signers:
            self.find(f"No seal in this file is signed by the key {self.pinned} that you named.")

    def learn(self, statement):
        if public := bytes.fromhex(statement.get("public", "")):
            self.keys.setdefault(fingerprint(public), public)

    def learn_earlier(self, signed):
        """Keys of the seals before the first in the file, each handed over by the one before."""
        statement = json.loads(signed["statement"])
        if statement["kind"] != "key":
            self.learn(statement)
        key = self.keys.get(statement["key"], b"")
        if not signed_by(key, signed["statement"], signed["signature"]):
            self.find(f"The hand-over of the key in seal {statement['n']} is not signed by the key before it.")
            return
        self.signers.add(statement["key"])
        self.learn(statement)
        self.expected = fingerprint(bytes.fromhex(statement["public"]))

    # ---------------------------------------------------------------- one seal
    def seal(self, said):
        self.seals += 1
        text = said["statement"]
        try:
            statement = json.loads(text)
            at = datetime.fromisoformat(statement["at"])
            n, kind = statement["n"], statement["kind"]
        except (ValueError, KeyError, TypeError):
            self.find(f"Seal {said['number']} was overwritten: it cannot be read.")
            return
        self.chain(said, statement, n, kind, text)
        leaves, shown = [], []
        for item in said["entries"]:
            self.entries += 1
            entry = json.loads(item["entry"])
            number = entry["id"]
            leaf = sha256(
                b"\x00", number.to_bytes(8, "big"), bytes.fromhex(item["salt"]), item["entry"].encode("ascii")
            )
            if "sealed_as" in item:
                self.find(f"Entry {number} was altered after it had been sealed (seal {n} of {statement['at']}).")
            leaves.append(leaf)
            shown.append((number, entry))
        if positions(said["tree"]) != list(range(len(leaves))):
            self.find(f"The list of entries under seal {n} was altered.")
        elif fold(said["tree"], leaves).hex() != statement["root"]:
            hidden = "" if len(leaves) == statement["count"] else " or an entry that this file does not show"
            self.find(f"What lies under seal {n} of {statement['at']} was altered: the entries shown{hidden}.")
        for number in said.get("missing", []):
            self.find(f"Entry {number} under seal {n} of {statement['at']} was deleted.")
        if self.whole and len(leaves) + len(said.get("missing", [])) != statement["count"]:
            self.find(f"Seal {n} covers {statement['count']} entries, and the file shows {len(leaves)}.")
        for number, entry in shown:
            self.entry(number, entry, n, at)
        self.hashes[n] = self.before_hash = sha256(b"\x02", text.encode("utf-8")).hex()
        self.before = statement
        self.settled = statement["settled"] if kind == "restored" else max(self.settled, statement["settled"])
        self.recent.append((statement["drawn"], at))
        while len(self.recent) > 1 and self.recent[1][0] <= self.settled:
            self.recent.pop(0)

    def chain(self, said, statement, n, kind, text):
        before = self.before
        if said["number"] != n:
            self.find(f"Seal {n} stands in the place of seal {said['number']}: the order was changed.")
        resumed = kind == "restored" and (before is None or statement.get("resumes", 0) == before["n"])
        if resumed:
            self.notes.append(
                f"Seal {n} of {statement['at']}: the database was restored, what came after seal {statement.get('resumes', 0)}"
                f" was lost. The reason given: {statement.get('reason', '')}"
            )
            if before and statement.get("resumes_hash") != self.before_hash:
                self.find(f"Seal {n} resumes another seal {before['n']} than this one.")
        elif before is not None or self.first == 1:
            expected = before["n"] + 1 if before else 1
            if n > expected:
                self.find(f"Seals from {expected} to {n - 1} are missing.")
            if statement["prev"] != self.before_hash:
                self.find(f"Seal {n} does not follow on the seal before it: one of the two was replaced.")
        if (
            before
            and not resumed
            and (statement["settled"] < before["settled"] or statement["drawn"] < before["drawn"])
        ):
            self.find(f"Seal {n} takes back what the seal before it had settled.")
        if kind == "start" and n == 1:
            self.learn(statement)
        if kind == "restored" and statement["key"] in self.keys:
            self.expected = statement["key"]
        self.expected = self.expected or statement["key"]
        if statement["key"] != self.expected:
            self.find(f"Seal {n} is signed by the key {statement['key']}, to which nobody handed over.")
        if not signed_by(self.keys.get(statement["key"], b""), text, said["signature"]):
            self.find(f"The signature of seal {n} does not fit: the seal was altered.")
            return
        self.signers.add(statement["key"])
        if kind == "key":
            self.learn(statement)
            self.expected = fingerprint(bytes.fromhex(statement["public"]))

    def entry(self, number, entry, n, at):
        if number in self.seen:
            self.find(f"Entry {number} stands under two seals.")
        self.seen.add(number)
        if number <= self.settled:
            self.find(f"Entry {number} was slipped in under seal {n}: an earlier seal says that none was to come.")
        moment = datetime.fromisoformat(entry["timestamp"])
        # after the last seal at which its number had not been given out yet
        start = max((i for i, (drawn, _) in enumerate(self.recent) if drawn < number), default=None)
        times = [moment for _, moment in self.recent[start or 0 :]] + [at]
        if start is not None and moment < min(times) - TOLERANCE:
            self.find(
                f"Entry {number} claims to be of {entry['timestamp']}, but its number is younger: it is back-dated."
            )
        if moment > max(times) + TOLERANCE:
            self.find(f"Entry {number} claims to be of {entry['timestamp']}, after it was sealed: it is dated ahead.")

    # ---------------------------------------------------------------- the head outside
    def compare_head(self, text, what):
        statement = json.loads(text)
        last = self.before["n"] if self.before else 0
        if statement["n"] > last:
            self.find(
                f"The end was cut off: {what} goes on to seal {statement['n']} of {statement['at']}, the log ends with seal {last}."
            )
        elif (
            statement["n"] in self.hashes and self.hashes[statement["n"]] != sha256(b"\x02", text.encode("utf-8")).hex()
        ):
            self.find(f"Seal {statement['n']} is not the one in {what}: the log was written anew.")

    def compare_heads(self, place):
        """Every line outside that falls into the file's span; the first that differs is enough."""
        files = sorted(place.glob("heads-*.jsonl")) if place.is_dir() else [place]
        if not files:
            raise ValueError(f"there is no head in {place}")
        last, restored = None, {}
        for path in files:
            with path.open(encoding="ascii") as lines:
                for line in lines:
                    text = json.loads(line)["statement"]
                    statement = json.loads(text)
                    n = statement["n"]
                    if statement["kind"] == "restored":
                        # seals that a restore lost, and that a later seal owns up to
                        restored = {k: v for k, v in restored.items() if k <= statement.get("resumes", 0)}
                    if n >= self.first:
                        restored[n] = text
                    last = text
        for n, text in sorted(restored.items()):
            if n in self.hashes and self.hashes[n] != sha256(b"\x02", text.encode("utf-8")).hex():
                self.find(f"Seal {n} is not the one whose head is outside: the log was written anew from there on.")
                break
            if n not in self.hashes and self.before and n <= self.before["n"]:
                self.find(f"The head outside has seal {n}, and the file has not.")
                break
        if last is not None and json.loads(last)["n"] > (self.before["n"] if self.before else 0):
            self.compare_head(last, "the head outside")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--heads", type=Path, help="directory or file with the head that was kept outside")
    parser.add_argument("--key", default="", help="fingerprint of a signing key that you noted elsewhere")
    chosen = parser.parse_args(arguments)
    check = Check(chosen.key)
    try:
        with chosen.export.open(encoding="ascii") as lines:
            check.read(iter(lines))
        if chosen.heads:
            check.compare_heads(chosen.heads)
    except (OSError, ValueError, KeyError, TypeError, StopIteration, RecursionError) as error:
        print(f"The file cannot be checked: {type(error).__name__}: {error}")
        return 2
    for words in check.findings[:50]:
        print(words)
    if len(check.findings) > 50:
        print(f"... and {len(check.findings) - 50} more.")
    for words in check.notes:
        print(words)
    print(
        f"{check.seals} seals, {check.entries} entries shown. Signed by: {', '.join(sorted(check.signers)) or 'nobody'}."
    )
    if not chosen.key:
        print("Compare this key with the one that your partnership noted when sealing began, or give it with --key.")
    if not chosen.heads:
        print("Without --heads the end of the log is only as good as the head that the Hub itself put into the file.")
    print(
        "Something was done to this log." if check.findings else "Nothing was altered, left out, slipped in or cut off."
    )
    return 1 if check.findings else 0


if __name__ == "__main__":
    sys.exit(main())
