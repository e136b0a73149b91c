"""What the demo's agreements say: each partnership's terms are those of the source that it is like; all words are ours."""

import datetime as dt
from typing import Any

ALERT_ITEMS = {
    "child_name": "The setting has to know which child to look after.",
    "child_date_of_birth": "Two children of one name must not be mixed up.",
    "adults_names": "Staff must know whom not to speak to about it.",
    "incident_kind": "That it happened is what the setting acts on.",
    "incident_date": "How the child behaves since then can be understood.",
}
CASE_ITEMS = {
    **ALERT_ITEMS,
    "incident_content": "The agencies that decide on a level of need have to weigh what happened.",
    "address": "A visit, and who else lives there.",
    "relationships": "Who cares for the child and who must not.",
    "risk": "The level of risk decides how fast somebody acts.",
    "health": "Injury, pregnancy and illness change what is safe.",
    "allocated_worker": "One professional speaks with the family, not five.",
}
MEETING_ITEMS = {**CASE_ITEMS, "safety_plan": "Each agency has to know its own actions and what others do."}

_COMMON: dict[str, Any] = {
    "identifies_people": True,
    "article_6": ["6_1_c", "6_1_e"],
    "article_9": ["9_2_g"],
    "schedule_1": ["s1_10", "s1_18"],
    "article_10_identified": True,
    "privacy_notice_given": True,
    "people_are_aware": True,
    "privacy_words": "Families are told by the police at the time, unless that would raise the risk.",
    "marking": "OFFICIAL-SENSITIVE",
    "transfer_methods": ["hub", "api"],
    "transfer_frequency": "As incidents happen, before the next school day",
    "transfer_measures": "Sign-in with a second factor; e-mails carry a reference and no name.",
    "transfer_risks": "A shared screen or printer in a school office; a wrong match of two children.",
    "incidents_to": "Information governance of the council, within one working day",
    "disposal": "By destroying the key of the record; paper by cross-cut shredder.",
    "legislation": [
        "Children Act 1989, section 47",
        "Children Act 2004, sections 10 and 11",
        "Domestic Abuse Act 2021",
    ],
}

# by title: what differs
TERMS: dict[str, dict[str, Any]] = {
    "Telling education settings of domestic abuse": {
        **_COMMON,
        "purposes": [
            "Settings support a child early after domestic abuse at home.",
            "Repeated harm is seen sooner.",
        ],
        "dpia_reference": "WX-DPIA-014",
        "retention": "In the setting's safeguarding file; the sender keeps only that an alert was sent.",
        "access_requests_to": "Information governance, Wexbourne Council",
        "notice_months": 1,
        "first_review_months": 24,
        "review_months": 24,
        "items": ALERT_ITEMS,
    },
    "Wexbourne MASH protocol": {
        **_COMMON,
        "purposes": [
            "Agencies pool what they hold on a child at risk and decide together.",
            "Missing children are found and seen.",
        ],
        "dpia_reference": "WX-DPIA-009",
        "retention": "By each controller's own schedule.",
        "access_requests_to": "Information governance, Wexbourne Council",
        "first_review_months": 12,
        "review_months": 12,
        "items": CASE_ITEMS,
    },
    "Front door information-sharing protocol": {
        **_COMMON,
        "purposes": [
            "The front door decides with what every agency knows.",
            "Settings are told of incidents that touch a child.",
        ],
        "dpia_reference": "CW-DPIA-031",
        "retention": "By each controller's own schedule.",
        "access_requests_to": "Information access team, Calderwick Council",
        "notice_weeks": 4,
        "first_review_months": 6,
        "review_months": 12,
        "items": CASE_ITEMS,
    },
    "Daily meeting and MARAC protocol": {
        **_COMMON,
        "purposes": ["Victims at high risk and their children are made safe by a shared plan."],
        "article_9": ["9_2_c", "9_2_g"],
        "dpia_reference": "CW-DPIA-040",
        "retention": "While the risk lasts; looked at every year.",
        "access_requests_to": "MARAC team, Calderwick",
        "notice_weeks": 4,
        "first_review_months": 12,
        "review_months": 12,
        "controllership": "supplier_keeps",
        "items": MEETING_ITEMS,
    },
    "Notifications to schools and settings": {
        **_COMMON,
        "purposes": ["Schools and settings hear of domestic abuse and of missing episodes before the child arrives."],
        "dpia_reference": "NV-DPIA-006",
        "retention": "In the setting's safeguarding file; the team keeps no more than what it sent.",
        "access_requests_to": "Information governance, Nenevale Council",
        "first_review_months": 12,
        "review_months": 12,
        "items": ALERT_ITEMS,
    },
}
ASSESSED_ON = dt.date(2024, 3, 4)
