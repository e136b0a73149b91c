"""A whole notification typed in by hand: one page of many forms, read as the API would read it (ALR-01)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from alerts.intake import parsing
from alerts.intake.content import UNBORN, Person, PoliceNotification, Remark, warnings
from alerts.intake.enums import NotificationKind
from alerts.intake.forms import YES_NO_VALUES, AdultForm, ChildForm, IncidentForm, PatientForm
from alerts.intake.models import Notification
from alerts.intake.policies import MOST_OF_A_KIND
from alerts.intake.selectors import Sender
from alerts.intake.unshown import Place, keep_unshown, places
from alerts.screening.words import relationship_words
from safeguarding.agencies.calendars import LONDON


def begun(notification: Notification) -> dict[str, str]:
    """What its sender is shown of a notification in any case, and no more (spec v1)."""
    return {
        "kind": notification.kind,
        "reference": notification.reference,
        **_typed_moment("occurred", notification.occurred_at),
        "adult-0-role": "victim",
        "adult-1-role": "perpetrator",
    }


def typed(content: PoliceNotification) -> dict[str, str]:
    """What a person would have typed to say this, for the hub that corrects it; the police type it anew (spec v1)."""
    said = {
        "kind": content.kind,
        "reference": content.reference,
        **_typed_moment("occurred", content.occurred_at),
        **_typed_moment("returned", content.returned_at),
        "risk": content.risk or "",
        "family_informed": _typed_flag(content.family_informed),
        "victim_consents": _typed_flag(content.victim_consents),
        "address": "\n".join(content.location.lines) if content.location else "",
        "postcode": (content.location and content.location.postcode) or "",
        "narrative": content.narrative,
    }
    numbers: dict[str, list[str]] = {"child": [], "adult": []}
    for person, (kind, number) in zip(content.people, places(content), strict=True):
        numbers[kind].append(str(number))
        said |= {f"{kind}-{number}-{name}": value for name, value in _typed_person(person).items()}
    return {**said, "child_ids": ",".join(numbers["child"]), "adult_ids": ",".join(numbers["adult"])}


def _typed_person(person: Person) -> dict[str, str]:
    return {
        "role": person.role,
        "given_name": "" if person.expected_on and person.given_name == UNBORN else person.given_name,
        "family_name": person.family_name,
        **_typed_day("date_of_birth", person.date_of_birth),
        **_typed_day("expected_on", person.expected_on),
        "present": _typed_flag(person.present),
        "works_with_children": _typed_flag(person.works_with_children),
        "home_educated": _typed_flag(person.home_educated),
        "setting_name": (person.setting and person.setting.name) or "",
        "urn": (person.setting and person.setting.urn) or "",
        "upn": person.upn or "",
        "nhs_number": person.nhs_number or "",
    }


def _typed_moment(name: str, at: dt.datetime | None) -> dict[str, str]:
    local = at.astimezone(LONDON) if at else None
    return {**_typed_day(f"{name}_on", local), f"{name}_time": f"{local:%H:%M}" if local else ""}


def _typed_day(name: str, day: dt.date | None) -> dict[str, str]:
    parts = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}_{place}": str(part) for place, part in enumerate(parts)}


def _typed_flag(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


class Entry:
    """The whole page of a notification typed in by hand: the incident, its children, its adults.

    `before`: what the police sent, where the hub corrects it.
    """

    MOST = MOST_OF_A_KIND

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        senders: Sequence[Sender],
        before: PoliceNotification | None = None,
    ):
        self.data, self.before = data, before
        self.child_ids = self._ids("child_ids", "0")
        self.adult_ids = self._ids("adult_ids", "0,1")
        self._act(str(data.get("action", "")) if data else "")
        self.incident = IncidentForm(data, senders=senders)
        self.children = [ChildForm(data, prefix=f"child-{number}") for number in self.child_ids]
        self.adults = [AdultForm(data, prefix=f"adult-{number}") for number in self.adult_ids]
        for form, role in zip(self.adults, ("victim", "perpetrator"), strict=False):
            form.initial = {"role": role} if data is None else {}

    def _ids(self, name: str, default: str) -> list[int]:
        text = (self.data.get(name) if self.data else None) or default
        found = [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 4]
        return list(dict.fromkeys(found))[: self.MOST]

    def _act(self, action: str) -> None:
        verb, _, what = action.partition("-")
        kind, _, number = what.partition("-")
        ids = {"child": self.child_ids, "adult": self.adult_ids}.get(kind)
        if ids is None:
            return
        if verb == "add" and len(ids) < self.MOST:
            # never the number of somebody who was taken out: what the police said of them is not said of the new one
            sent = [known for of, known in places(self.before) if of == kind] if self.before else []
            ids.append(max([*ids, *sent], default=-1) + 1)
        elif verb == "remove" and number.isdigit() and int(number) in ids and (kind == "adult" or len(ids) > 1):
            ids.remove(int(number))

    @property
    def parts(self) -> list[PatientForm]:
        return [self.incident, *self.children, *self.adults]

    @property
    def remarks(self) -> list[Remark]:
        """What is kept as typed and may be a slip: said before it is sent (ALR-01)."""
        data = self.incident.cleaned_data
        as_sent = self.before is not None and self.content.occurred_at == self.before.occurred_at
        doubtful = "" if as_sent else clock_words(data["occurred_on"], data["occurred_time"])
        return [*([Remark("/occurred_at", doubtful)] if doubtful else []), *warnings(self.content)]

    @property
    def people(self) -> list[tuple[Person, list[str]]]:
        """Each person who will be sent, and what the police said of their relationships, which no form shows."""
        return [(person, relationship_words(person, self.content.people)) for person in self.content.people]

    @property
    def numbered_children(self) -> list[dict[str, Any]]:
        return [{"number": number, "form": form} for number, form in zip(self.child_ids, self.children, strict=True)]

    @property
    def numbered_adults(self) -> list[dict[str, Any]]:
        return [{"number": number, "form": form} for number, form in zip(self.adult_ids, self.adults, strict=True)]

    def forget_errors(self) -> None:
        """A person who adds a child has not finished: nothing is wrong yet."""
        for form in self.parts:
            form.forget_errors()

    def is_valid(self, *, now: dt.datetime) -> bool:
        """Each form for itself, then all of it as the API would read it: one set of rules for both ways in (ALR-01)."""
        if not all([form.is_valid() for form in self.parts]):  # noqa: C419  # every form says what is wrong, not the first
            return False
        try:
            self.content = parsing.parse(self._body(), now=now)
        except parsing.Invalid as error:
            for remark in error.remarks:
                form, name = self._place(remark.pointer.split("/")[1:])
                form.add_error(name, remark.detail)
            return False
        if self.before is not None:
            self.content = keep_unshown(self.content, self.before, numbered=self._numbered())
        return True

    def _numbered(self) -> list[Place]:
        """The form of each person in what was typed, in the order of `_body`."""
        named = self._named_adults()
        adults = [number for number, form in zip(self.adult_ids, self.adults, strict=True) if form in named]
        return [*(("adult", number) for number in adults), *(("child", number) for number in self.child_ids)]

    def _body(self) -> dict[str, Any]:
        data = self.incident.cleaned_data
        missing = data["kind"] == NotificationKind.MISSING_EPISODE
        return {
            "reference": data["reference"],
            "kind": data["kind"],
            "occurred_at": _moment(data["occurred_on"], data["occurred_time"]),
            "returned_at": _moment(data["returned_on"], data["returned_time"]),
            "risk": data["risk"] or None,
            "family_informed": YES_NO_VALUES.get(data["family_informed"]),
            "victim_consents": YES_NO_VALUES.get(data["victim_consents"]),
            "location": {
                "lines": [line.strip() for line in data["address"].splitlines() if line.strip()],
                "postcode": data["postcode"] or None,
            },
            "narrative": data["narrative"],
            "people": [
                *(_adult(form.cleaned_data) for form in self._named_adults()),
                *(_child(form.cleaned_data, missing=missing) for form in self.children),
            ],
        }

    def _named_adults(self) -> list[AdultForm]:
        """A form that nobody filled in is no adult."""
        names = ("given_name", "family_name", "date_of_birth")
        return [form for form in self.adults if any(form.cleaned_data[name] for name in names)]

    def _place(self, parts: list[str]) -> tuple[PatientForm, str | None]:
        """The form and field that a pointer of the API speaks of."""
        if parts[:1] == ["people"] and len(parts) > 1:
            form = [*self._named_adults(), *self.children][int(parts[1])]
            name = (
                {"setting": parts[-1] if parts[-1] == "urn" else "setting_name"}.get(parts[2], parts[2])
                if parts[2:]
                else None
            )
            return form, name if name in form.fields else None
        name = {"occurred_at": "occurred_on", "returned_at": "returned_on", "location": "address"}.get(
            parts[0] if parts else "", parts[0] if parts else ""
        )
        return self.incident, name if name in self.incident.fields else None

    # what the error summary and the page's title ask
    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.parts)

    def non_field_errors(self) -> list[str]:
        return [str(error) for form in self.parts for error in form.non_field_errors()]

    def visible_fields(self) -> list[Any]:
        return [field for form in self.parts for field in form.visible_fields()]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything that was typed, to carry it over the page that shows it again; never in the session."""
        kept = [(field.html_name, field) for form in self.parts for field in form.visible_fields()]
        values: list[tuple[str, str]] = []
        for name, field in kept:
            value = field.value()
            if isinstance(value, (list, tuple)):
                values += [(f"{name}_{place}", str(part or "")) for place, part in enumerate(value)]
            else:
                values.append((name, "" if value is None else str(value)))
        return [
            *values,
            ("child_ids", ",".join(map(str, self.child_ids))),
            ("adult_ids", ",".join(map(str, self.adult_ids))),
        ]


def clock_words(day: dt.date, time: dt.time) -> str:
    """What to say of a time that came twice, or not at all, because the clocks changed that night (ALR-01)."""
    first = dt.datetime.combine(day, time, tzinfo=LONDON)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    if before > after:
        return (
            "The clocks went back that night, so this time came twice. The first is taken. If it was the second, change "
            "nothing here and write so under what happened."
        )
    if before < after:
        return (
            "The clocks went forward that night, so this time never came. It is taken as an hour later. Check the time."
        )
    return ""


def _moment(day: dt.date | None, time: dt.time | None) -> str | None:
    if day is None:
        return None
    return dt.datetime.combine(day, time or dt.time(0, 0), tzinfo=LONDON).isoformat()


def _person(data: dict[str, Any]) -> dict[str, Any]:
    born = data["date_of_birth"]
    return {
        "given_name": data["given_name"],
        "family_name": data["family_name"],
        "date_of_birth": born.isoformat() if born else None,
    }


def _adult(data: dict[str, Any]) -> dict[str, Any]:
    works = YES_NO_VALUES.get(data["works_with_children"])
    return {**_person(data), "role": data["role"], "works_with_children": works}


def _child(data: dict[str, Any], *, missing: bool) -> dict[str, Any]:
    return {
        **_person(data),
        "role": "missing_child" if missing else "child",
        "expected_on": expected.isoformat() if (expected := data["expected_on"]) else None,
        "present": YES_NO_VALUES.get(data["present"]),
        "home_educated": YES_NO_VALUES.get(data["home_educated"]),
        "upn": data["upn"] or None,
        "nhs_number": data["nhs_number"] or None,
        "setting": {"urn": data["urn"] or None, "name": data["setting_name"] or None},
    }
