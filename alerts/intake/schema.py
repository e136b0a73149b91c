"""The shapes of the notification API, for the published document; tests hold them against the parser."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from alerts.intake import parsing
from alerts.intake.enums import (
    AmendmentKind,
    Match,
    NotificationKind,
    NotificationStatus,
    Part,
    PersonRole,
    Risk,
    WithdrawnBecause,
)

REF = OpenApiParameter("ref", OpenApiTypes.STR, OpenApiParameter.PATH, description="A short reference, as N-7K3M-Q9XD")

# Any text but control characters; at least one character that is no space where a value is needed.
_PLAIN = r"[^\u0000-\u001f\u007f-\u009f\u202a-\u202e]"
_LINE = f"^{_PLAIN}*$"
_FILLED = rf"^{_PLAIN}*[^\s\u0000-\u001f\u007f-\u009f\u202a-\u202e]{_PLAIN}*$"


def text(longest: int, *, filled: bool = False, null: bool = False) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string", "maxLength": longest, "pattern": _FILLED if filled else _LINE}
    return {**shape, "minLength": 1} if filled else ({**shape, "nullable": True} if null else shape)


def obj(properties: dict[str, Any], required: list[str], *, null: bool = False) -> dict[str, Any]:
    shape = {"type": "object", "additionalProperties": False, "properties": properties}
    shape |= {"required": required} if required else {}
    return {**shape, "nullable": True} if null else shape


def choice(values: list[str], *, null: bool = False) -> dict[str, Any]:
    return {"type": "string", "enum": [*values, None], "nullable": True} if null else {"type": "string", "enum": values}


_FLAG = {"type": "boolean", "nullable": True}
_MOMENT = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL = {**_MOMENT, "nullable": True}

_SETTING = obj(
    {"urn": {"type": "string", "pattern": "^[0-9]{6}$", "nullable": True}, "name": text(200, null=True)}, [], null=True
)
_RELATIONSHIP = obj({"to": {"type": "integer", "minimum": 0}, "kind": text(200, filled=True)}, ["to", "kind"])
_PERSON = obj(
    {
        "role": choice(PersonRole.values),
        "given_name": text(parsing.LONGEST_NAME, null=True),
        "family_name": text(parsing.LONGEST_NAME, null=True),
        "date_of_birth": {"type": "string", "format": "date", "nullable": True},
        "expected_on": {
            "type": "string",
            "format": "date",
            "nullable": True,
            "description": "Of a child only, who is not born yet; then it needs no given name and has no date of birth.",
        },
        "works_with_children": {**_FLAG, "description": "Of an adult only."},
        "present": {**_FLAG, "description": "Of a child only."},
        "upn": {**text(40, null=True), "description": "Of a child only. A wrong check letter warns and is kept."},
        "nhs_number": {**text(40, null=True), "description": "Of a child only. A wrong check digit warns and is kept."},
        "home_educated": {**_FLAG, "description": "Of a child only."},
        "setting": {**_SETTING, "description": "Of a child only."},
        "relationships": {"type": "array", "items": _RELATIONSHIP, "maxItems": parsing.MOST_PEOPLE, "nullable": True},
    },
    ["role", "given_name", "family_name"],
)
_LOCATION = obj(
    {
        "lines": {"type": "array", "items": text(200), "maxItems": parsing.MOST_LINES, "nullable": True},
        "postcode": text(16, null=True),
        "uprn": {"type": "string", "pattern": "^[0-9]{1,12}$", "nullable": True},
    },
    [],
    null=True,
)
NOTIFICATION = obj(
    {
        "reference": text(parsing.LONGEST_REFERENCE, filled=True),
        "kind": choice(NotificationKind.values),
        "occurred_at": {**_MOMENT, "description": "With its zone, not in the future."},
        "returned_at": {**_MOMENT_OR_NULL, "description": "Of a missing episode only."},
        "risk": choice(Risk.values, null=True),
        "family_informed": _FLAG,
        "victim_consents": _FLAG,
        "location": _LOCATION,
        "narrative": {"type": "string", "maxLength": parsing.LONGEST_NARRATIVE, "nullable": True},
        "people": {
            "type": "array",
            "items": _PERSON,
            "minItems": 1,
            "maxItems": parsing.MOST_PEOPLE,
            "description": "A missing episode has exactly one missing_child; domestic abuse at least one child.",
        },
    },
    ["reference", "kind", "occurred_at", "people"],
)

_REF = {"type": "string", "pattern": "^[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}$"}
_REMARK = obj({"pointer": {"type": "string"}, "detail": {"type": "string"}}, ["pointer", "detail"])
_KNOWN_SETTING = obj(
    {"urn": {"type": "string", "nullable": True}, "name": {"type": "string"}}, ["urn", "name"], null=True
)
_RECEIPT = obj(
    {
        "ref": _REF,
        "reference": {"type": "string"},
        "status": choice(NotificationStatus.values),
        "children": {
            "type": "array",
            "items": obj(
                {"given_name": {"type": "string"}, "match": choice(Match.values), "setting": _KNOWN_SETTING},
                ["given_name", "match", "setting"],
            ),
        },
        "warnings": {"type": "array", "items": _REMARK},
    },
    ["ref", "reference", "status", "children", "warnings"],
)
RECEIPT_CREATED = OpenApiResponse(_RECEIPT, "Received")
RECEIPT_KNOWN = OpenApiResponse(_RECEIPT, "Received before; nothing was doubled")
STATUS = OpenApiResponse(
    obj(
        {
            "ref": _REF,
            "reference": {"type": "string"},
            "status": choice(NotificationStatus.values),
            "occurred_at": _MOMENT,
            "received_at": _MOMENT,
            "screened_at": _MOMENT_OR_NULL,
            "sent_at": _MOMENT_OR_NULL,
            "withheld_at": _MOMENT_OR_NULL,
            "closed_at": _MOMENT_OR_NULL,
        },
        [
            "ref",
            "reference",
            "status",
            "occurred_at",
            "received_at",
            "screened_at",
            "sent_at",
            "withheld_at",
            "closed_at",
        ],
    ),
    "Status and times",
)
WITHDRAWAL = obj({"because": choice(WithdrawnBecause.values)}, ["because"])
AMENDED = OpenApiResponse(
    obj(
        {
            "ref": _REF,
            "kind": choice(AmendmentKind.values),
            "made_at": _MOMENT,
            "changed": {"type": "array", "items": choice(Part.values)},
            "settings_told": {"type": "integer", "minimum": 0},
        },
        ["ref", "kind", "made_at", "changed", "settings_told"],
    ),
    "Taken in",
)
