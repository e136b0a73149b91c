"""Wexbourne, like a south-coast area: a MASH, alerts without details. Rules of the sources 000, 001, 003."""

import datetime as dt

from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.demo.data import calendars
from safeguarding.demo.shapes import SETTING_PEOPLE, AgencyData, AgreementData, PartnershipData

MASH_PHONE = "01632 960100"

CONFIG = {
    "screens": True,
    "continuum": [
        {
            "level": 1,
            "name": "Universal",
            "description": "What every family has is enough: home, school, health visitor, family doctor.",
            "contact": False,
        },
        {
            "level": 2,
            "name": "Additional",
            "description": "One more service for a while, agreed with the family.",
            "contact": False,
        },
        {
            "level": 3,
            "name": "Targeted",
            "description": "Several needs at once: an early-help plan that services carry together.",
            "contact": False,
        },
        {
            "level": 4,
            "name": "Specialist",
            "description": "Significant concern: a strategy discussion (s47) or an assessment (s17). The setting is contacted.",
            "contact": True,
        },
    ],
    "recipients": {"*": [Role.DSL]},
    "gateways": {"*": ["agreement"]},
    "query_contacts": {
        "*": {"name": "Wexbourne MASH", "phone": MASH_PHONE, "email": "desk@mash.wexbourne.example"},
    },
    "titles": {"domestic_abuse": "Domestic Abuse Alert", "missing_episode": "Missing Persons Notification"},
    "exceptions": {"single_case": ["mash_manager"], "override": ["mash_manager"]},
    "clocks": {"red": 4, "amber": 24, "green": 72},
    "chasing": [
        {"minutes": 0, "to": Role.DSL},
        {"minutes": 30, "to": Role.DEPUTY_DSL},
        {"minutes": 60, "to": Role.HEAD},
        {"minutes": 120, "to": "mash"},
    ],
    "disclaimer": (
        "The police have told Wexbourne MASH about an incident. The MASH decides whether the family needs an assessment, "
        "and may ask for your view first. The alert does not say what happened. If you know something that may matter, "
        f"phone the MASH on {MASH_PHONE}."
    ),
    "no_further_information": False,
    "front_door_phone": MASH_PHONE,
    "marking": "OFFICIAL-SENSITIVE",
}

AGENCIES = [
    AgencyData(
        "police", "Wexbourne Police", AgencyKind.POLICE, ("officer", "chief", "admin", "sergeant"), phone="01632 960110"
    ),
    AgencyData("mash", "Wexbourne MASH", AgencyKind.MASH, ("officer", "manager", "chief", "admin"), phone=MASH_PHONE),
    AgencyData(
        "council",
        "Wexbourne Council",
        AgencyKind.COUNCIL,
        ("ig", "ehe", "lado", "safeguarding", "chief", "admin", "desk", "caremanager", "socialworker"),
        phone="01632 960120",
    ),
    AgencyData(
        "health",
        "Wexbourne Coast Health Trust",
        AgencyKind.HEALTH,
        ("practitioner", "chief", "admin", "desk", "nurse"),
    ),
    AgencyData("probation", "Wexbourne Probation", AgencyKind.PROBATION, ("practitioner", "admin")),
    AgencyData("housing", "Saltings Homes", AgencyKind.HOUSING, ("practitioner", "admin")),
    AgencyData("haven", "Haven Wexbourne", AgencyKind.IDVA, ("idva", "admin")),
    AgencyData(
        "meadow",
        "Meadow Primary School",
        AgencyKind.SCHOOL,
        ("dsl", "deputy", "head", "tutor", "holiday", "admin"),
        urn="900001",
        phone="01632 960201",
        inset=calendars.INSET_EARLY,
    ),
    AgencyData(
        "harbour",
        "Harbour Academy",
        AgencyKind.ACADEMY,
        ("dsl", "deputy", "head", "tutor", "admin"),
        urn="900002",
        phone="01632 960202",
        bell_at=dt.time(8, 35),
        inset=calendars.INSET_LATE,
    ),
    AgencyData(
        "larch",
        "Larch Junior School",
        AgencyKind.SCHOOL,
        SETTING_PEOPLE,
        urn="900003",
        phone="01632 960203",
        inset=calendars.INSET_EARLY,
    ),
    AgencyData(
        "quay",
        "Quay Infant School",
        AgencyKind.SCHOOL,
        SETTING_PEOPLE,
        urn="900004",
        phone="01632 960204",
        inset=calendars.INSET_LATE,
    ),
    AgencyData(
        "thornbank",
        "Thornbank School",
        AgencyKind.SPECIAL_SCHOOL,
        (*SETTING_PEOPLE, "deputy"),
        urn="900005",
        phone="01632 960205",
        bell_at=dt.time(9, 0),
        inset=calendars.INSET_EARLY,
    ),
    AgencyData("compass", "The Compass Unit", AgencyKind.PRU, SETTING_PEOPLE, urn="900006", bell_at=dt.time(9, 15)),
    AgencyData(
        "stonegate",
        "Stonegate House School",
        AgencyKind.INDEPENDENT_SCHOOL,
        (*SETTING_PEOPLE, "holiday"),
        urn="900007",
        bell_at=dt.time(8, 20),
        terms=calendars.INDEPENDENT,
    ),
    AgencyData(
        "estuary",
        "Estuary Sixth Form College",
        AgencyKind.COLLEGE,
        (*SETTING_PEOPLE, "tutor"),
        urn="900008",
        bell_at=dt.time(9, 0),
        terms=calendars.COLLEGE,
    ),
    AgencyData(
        "saltmarsh",
        "Saltmarsh Day Nursery",
        AgencyKind.NURSERY,
        SETTING_PEOPLE,
        urn="900009",
        bell_at=dt.time(7, 30),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData("tern", "Little Tern Pre-school", AgencyKind.PRE_SCHOOL, SETTING_PEOPLE, urn="900010"),
    AgencyData(
        "pebble",
        "Pebble Childminding",
        AgencyKind.CHILDMINDER,
        ("dsl",),
        urn="900011",
        bell_at=dt.time(7, 45),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData(
        "lantern",
        "Lantern Children's Centre",
        AgencyKind.CHILDRENS_CENTRE,
        SETTING_PEOPLE,
        urn="900012",
        bell_at=dt.time(9, 0),
        terms=calendars.ALL_YEAR,
    ),
]

WEXBOURNE = PartnershipData(
    slug="wexbourne",
    name="Wexbourne Safeguarding Children Partnership",
    config=CONFIG,
    terms=calendars.WEXBOURNE,
    lapsed=("deputy", "thornbank"),
    agencies=AGENCIES,
    agreements=[
        AgreementData(
            "Telling education settings of domestic abuse",
            "2",
            ["domestic_abuse"],
            dt.date(2024, 9, 2),
            parties=["police"],
        ),
        AgreementData(
            "Wexbourne MASH protocol",
            "4",
            ["missing_episode"],
            dt.date(2025, 1, 6),
            parties=["police", "mash", "health", "probation", "housing"],
        ),
    ],
    notice_days=31,
)
