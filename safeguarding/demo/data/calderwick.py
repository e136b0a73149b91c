"""Calderwick, like a West Yorkshire area: a front door, a daily meeting and a MARAC. Rules of the source 002."""

import datetime as dt

from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.demo.data import calendars
from safeguarding.demo.shapes import SETTING_PEOPLE, AgencyData, AgreementData, PartnershipData

FRONT_DOOR_PHONE = "0113 496 0100"

CONFIG = {
    "screens": True,
    "continuum": [
        {
            "level": 1,
            "name": "Getting Advice",
            "description": "Universal services are enough, with a word of advice where it helps.",
            "contact": False,
        },
        {
            "level": 2,
            "name": "Getting Help",
            "description": "Early support for a while, with one worker who keeps it together.",
            "contact": False,
        },
        {
            "level": 3,
            "name": "Getting More Help",
            "description": "A social worker looks at the whole of the child's needs (child in need).",
            "contact": False,
        },
        {
            "level": 4,
            "name": "Getting Risk Support",
            "description": "Risk of significant harm: enquiries led by a social worker. The setting is contacted.",
            "contact": True,
        },
    ],
    "recipients": {"*": [Role.DSL]},
    "gateways": {"*": ["agreement"]},
    "query_contacts": {
        "*": {"name": "Calderwick Front Door", "phone": FRONT_DOOR_PHONE, "email": "desk@mash.calderwick.example"},
    },
    "titles": {"domestic_abuse": "Domestic Abuse Notification", "missing_episode": "Missing Persons Notification"},
    "exceptions": {"single_case": ["mash_manager"], "override": ["mash_manager"]},
    "clocks": {"red": 4, "amber": 24, "green": 72},
    "chasing": [
        {"minutes": 0, "to": Role.DSL},
        {"minutes": 45, "to": Role.DEPUTY_DSL},
        {"minutes": 90, "to": Role.HEAD},
        {"minutes": 150, "to": "mash"},
    ],
    "disclaimer": (
        "Calderwick Front Door holds what the police reported and keeps it. You are told only that something happened, "
        "so that you can look out for the child. The Front Door may still assess, and may ask you first. "
        f"If you are worried or know more, phone {FRONT_DOOR_PHONE}."
    ),
    "no_further_information": False,
    "front_door_phone": FRONT_DOOR_PHONE,
    "marking": "OFFICIAL-SENSITIVE",
}

_MEETINGS = ("practitioner", "admin")
MEETING_AGENCIES = [
    AgencyData(
        "marac", "Calderwick MARAC team", AgencyKind.MARAC, ("coordinator", "chair", "admin"), phone="0113 496 0130"
    ),
    AgencyData("haven", "Haven Calderwick", AgencyKind.IDVA, ("idva", "admin"), phone="0113 496 0131"),
    AgencyData("health", "Calderwick Hospitals", AgencyKind.HEALTH, ("chief", *_MEETINGS)),
    AgencyData("community-health", "Calderwick Community Nursing", AgencyKind.HEALTH, _MEETINGS),
    AgencyData("mental-health", "Upper Calder Mental Health Trust", AgencyKind.HEALTH, _MEETINGS),
    AgencyData("probation", "Calderwick Probation", AgencyKind.PROBATION, _MEETINGS),
    AgencyData("housing", "Millrace Homes", AgencyKind.HOUSING, _MEETINGS),
    AgencyData("housing-options", "Calderwick Council Housing Options", AgencyKind.HOUSING, _MEETINGS),
    AgencyData("adults", "Calderwick Adult Social Care", AgencyKind.ADULT_CARE, _MEETINGS),
    AgencyData("youth-justice", "Calderwick Youth Justice Team", AgencyKind.YOUTH_JUSTICE, _MEETINGS),
    AgencyData("clearwater", "Clearwater Recovery", AgencyKind.SUBSTANCE_USE, _MEETINGS),
    AgencyData("witness-care", "Calderwick Victim Care", AgencyKind.VOLUNTARY, _MEETINGS),
    AgencyData("heather", "Heather Women's Rooms", AgencyKind.VOLUNTARY, _MEETINGS),
    AgencyData("counselling", "Moorside Counselling", AgencyKind.VOLUNTARY, _MEETINGS),
    AgencyData("turning", "Turnstile Behaviour Change Programme", AgencyKind.VOLUNTARY, _MEETINGS),
]

AGENCIES = [
    AgencyData("police", "Calderwick Police", AgencyKind.POLICE, ("officer", "chief", "admin"), phone="0113 496 0110"),
    AgencyData(
        "mash",
        "Calderwick Front Door",
        AgencyKind.MASH,
        ("officer", "manager", "chief", "admin"),
        phone=FRONT_DOOR_PHONE,
    ),
    AgencyData(
        "council",
        "Calderwick Council",
        AgencyKind.COUNCIL,
        ("ig", "ehe", "lado", "safeguarding", "chief", "admin", "caremanager", "socialworker"),
        phone="0113 496 0120",
    ),
    *MEETING_AGENCIES,
    AgencyData(
        "meadow",
        "Meadow Lane Primary School",
        AgencyKind.SCHOOL,
        ("dsl", "deputy", "head", "tutor", "holiday", "admin"),
        urn="900101",
        phone="0113 496 0201",
        bell_at=dt.time(8, 50),
        inset=calendars.INSET_LATE,
    ),
    AgencyData(
        "harbour",
        "Canal Harbour High School",
        AgencyKind.ACADEMY,
        ("dsl", "deputy", "head", "tutor", "admin"),
        urn="900102",
        phone="0113 496 0202",
        bell_at=dt.time(8, 30),
        inset=calendars.INSET_EARLY,
    ),
    AgencyData("larch", "Larch Bank Primary School", AgencyKind.SCHOOL, SETTING_PEOPLE, urn="900103"),
    AgencyData("quay", "Quayside Primary School", AgencyKind.SCHOOL, SETTING_PEOPLE, urn="900104"),
    AgencyData("ridge", "Ridge View School", AgencyKind.SPECIAL_SCHOOL, (*SETTING_PEOPLE, "deputy"), urn="900105"),
    AgencyData(
        "bridge", "Bridge Learning Centre", AgencyKind.PRU, SETTING_PEOPLE, urn="900106", bell_at=dt.time(9, 15)
    ),
    AgencyData(
        "fellside",
        "Fellside School",
        AgencyKind.INDEPENDENT_SCHOOL,
        SETTING_PEOPLE,
        urn="900107",
        bell_at=dt.time(8, 25),
        terms=calendars.INDEPENDENT,
    ),
    AgencyData("weavers", "Weavers College", AgencyKind.COLLEGE, SETTING_PEOPLE, urn="900108", terms=calendars.COLLEGE),
    AgencyData(
        "bobbin",
        "Bobbin Nursery",
        AgencyKind.NURSERY,
        SETTING_PEOPLE,
        urn="900109",
        bell_at=dt.time(7, 30),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData("bilberry", "Bilberry Pre-school", AgencyKind.PRE_SCHOOL, SETTING_PEOPLE, urn="900110"),
    AgencyData(
        "acorn",
        "Acorn Steps Childminding",
        AgencyKind.CHILDMINDER,
        ("dsl",),
        urn="900111",
        bell_at=dt.time(7, 45),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData(
        "hearth",
        "Hearthstone Children's Centre",
        AgencyKind.CHILDRENS_CENTRE,
        SETTING_PEOPLE,
        urn="900112",
        bell_at=dt.time(9, 0),
        terms=calendars.ALL_YEAR,
    ),
]

CALDERWICK = PartnershipData(
    slug="calderwick",
    name="Calderwick Safeguarding Children Partnership",
    config=CONFIG,
    terms=calendars.CALDERWICK,
    lapsed=("deputy", "ridge"),
    agencies=AGENCIES,
    agreements=[
        AgreementData(
            "Front door information-sharing protocol",
            "3",
            ["domestic_abuse", "missing_episode"],
            dt.date(2024, 4, 1),
            parties=["police", "mash", "health", "housing", "probation"],
        ),
        AgreementData(
            "Daily meeting and MARAC protocol",
            "5",
            [],
            dt.date(2024, 10, 1),
            settings=False,
            parties=["police", "mash", "council", *(agency.short for agency in MEETING_AGENCIES)],
        ),
    ],
    notice_days=28,
)
