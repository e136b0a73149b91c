"""Bodies of the contract; everyone in them is invented."""

from copy import deepcopy
from typing import Any

EXAMPLE: dict[str, Any] = {
    "reference": "55/2026/0012345",
    "kind": "domestic_abuse",
    "occurred_at": "2026-11-20T21:40:00Z",
    "risk": "medium",
    "family_informed": True,
    "victim_consents": None,
    "location": {"lines": ["1 Example Road"], "postcode": "BH1 1AA", "uprn": None},
    "narrative": "CANARY-NARRATIVE free text",
    "people": [
        {
            "role": "victim",
            "given_name": "CANARY-Ferelith",
            "family_name": "Quillfeather",
            "date_of_birth": "1990-02-03",
            "works_with_children": None,
        },
        {"role": "perpetrator", "given_name": "CANARY-Osric", "family_name": "Vane", "date_of_birth": None},
        {
            "role": "child",
            "given_name": "Ottilie",
            "family_name": "Quillfeather",
            "date_of_birth": "2016-05-04",
            "present": True,
            "upn": None,
            "nhs_number": None,
            "home_educated": False,
            "setting": {"urn": "999001", "name": "What the police call it"},
            "relationships": [{"to": 0, "kind": "child"}, {"to": 1, "kind": "step-child"}],
        },
    ],
}


def example(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(EXAMPLE), **changes}


def with_child(**changes: Any) -> dict[str, Any]:
    body = deepcopy(EXAMPLE)
    body["people"][2] |= changes
    return body


def missing(**changes: Any) -> dict[str, Any]:
    body = example(**{"kind": "missing_episode", "returned_at": None, **changes})
    body["people"][2]["role"] = "missing_child"
    return body


def put(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The body with one value replaced at an RFC 6901 pointer."""
    changed: Any = deepcopy(body)
    at = changed
    *path, last = pointer.split("/")[1:]
    for part in path:
        at = at[int(part)] if isinstance(at, list) else at[part]
    at[int(last) if isinstance(at, list) else last] = value
    return changed
