"""Nenevale, like an East Midlands area: an inclusion team passes domestic-abuse and missing notifications on. Rules of the source 004."""

import datetime as dt

from safeguarding.agencies.enums import SCHOOL_KINDS, AgencyKind, Role
from safeguarding.demo.data import calendars
from safeguarding.demo.shapes import SETTING_PEOPLE, AgencyData, AgreementData, PartnershipData

TEAM_PHONE = "0115 496 0100"
EARLY_HELP_PHONE = "0115 496 0140"

# schools and colleges are told by statutory duty even where they signed nothing; early years by agreement alone
BY_DUTY_TOO = (*SCHOOL_KINDS, AgencyKind.COLLEGE)
GATEWAYS: dict[str, list[str]] = {
    "*": ["agreement"],
    **{str(kind): ["agreement", "statutory_duty"] for kind in BY_DUTY_TOO},
}

CONFIG = {
    # the team passes on what is certain; nobody screens first
    "screens": False,
    "continuum": [
        {"level": 1, "name": "Universal", "description": "What every child has is enough.", "contact": False},
        {
            "level": 2,
            "name": "Early help",
            "description": "An early help assessment with the family.",
            "contact": False,
        },
        {"level": 3, "name": "Specialist", "description": "Support from a specialist service.", "contact": False},
        {
            "level": 4,
            "name": "Statutory",
            "description": "Referred to social care. The setting is contacted.",
            "contact": True,
        },
    ],
    "recipients": {"*": [Role.HEAD, Role.DSL]},
    "gateways": GATEWAYS,
    "query_contacts": {
        "*": {
            "name": "Early Help coordinator, Nenevale Council (please do not phone the MASH)",
            "phone": EARLY_HELP_PHONE,
            "email": "early-help@council.nenevale.example",
        },
    },
    "titles": {"domestic_abuse": "Domestic Abuse Notification", "missing_episode": "Missing Persons Notification"},
    "clocks": {"red": 4, "amber": 12, "green": 24},
    "chasing": [
        {"minutes": 0, "to": Role.DSL},
        {"minutes": 30, "to": Role.DEPUTY_DSL},
        {"minutes": 60, "to": "mash"},
    ],
    "disclaimer": (
        "The police told the Inclusion and Notifications Team that this child was touched by an incident or was reported "
        "missing. The team has passed on everything that it keeps. What the school does for the child, openly or quietly, "
        "is for your designated lead to decide; nothing here takes the place of a referral."
    ),
    "no_further_information": True,
    # the team passes on and answers nothing: questions go to the coordinator above
    "hub_answers": False,
    "front_door_phone": "0115 496 0150",
    "marking": "OFFICIAL-SENSITIVE",
}

AGENCIES = [
    AgencyData("police", "Nenevale Police", AgencyKind.POLICE, ("officer", "chief", "admin"), phone="0115 496 0110"),
    AgencyData(
        "mash",
        "Nenevale Inclusion and Notifications Team",
        AgencyKind.MASH,
        ("officer", "manager", "chief", "admin"),
        phone=TEAM_PHONE,
    ),
    AgencyData(
        "council",
        "Nenevale Council",
        AgencyKind.COUNCIL,
        ("ig", "ehe", "lado", "safeguarding", "chief", "admin", "caremanager", "socialworker"),
        phone="0115 496 0120",
    ),
    AgencyData("health", "Nene Valley Health Trust", AgencyKind.HEALTH, ("practitioner", "chief", "admin")),
    AgencyData("probation", "Nenevale Probation", AgencyKind.PROBATION, ("practitioner", "admin")),
    AgencyData("housing", "Ironstone Homes", AgencyKind.HOUSING, ("practitioner", "admin")),
    AgencyData("haven", "Haven Nenevale", AgencyKind.IDVA, ("idva", "admin")),
    AgencyData(
        "meadow",
        "Water Meadow Primary School",
        AgencyKind.SCHOOL,
        ("dsl", "deputy", "head", "tutor", "holiday", "admin"),
        urn="900201",
        phone="0115 496 0201",
        inset=calendars.INSET_EARLY,
    ),
    AgencyData(
        "harbour",
        "Harbour Lock Academy",
        AgencyKind.ACADEMY,
        ("dsl", "deputy", "head", "tutor", "admin"),
        urn="900202",
        phone="0115 496 0202",
        bell_at=dt.time(8, 40),
        inset=calendars.INSET_LATE,
    ),
    AgencyData("larch", "Larchwood Primary School", AgencyKind.SCHOOL, SETTING_PEOPLE, urn="900203"),
    AgencyData("quay", "Quay Street School", AgencyKind.SCHOOL, SETTING_PEOPLE, urn="900204"),
    AgencyData("willow", "Willow Holt School", AgencyKind.SPECIAL_SCHOOL, (*SETTING_PEOPLE, "deputy"), urn="900205"),
    AgencyData("cobbler", "Cobblers Yard Unit", AgencyKind.PRU, SETTING_PEOPLE, urn="900206", bell_at=dt.time(9, 10)),
    AgencyData(
        "abbots",
        "Abbots Fold School",
        AgencyKind.INDEPENDENT_SCHOOL,
        SETTING_PEOPLE,
        urn="900207",
        bell_at=dt.time(8, 20),
        terms=calendars.INDEPENDENT,
    ),
    AgencyData(
        "cordwain", "Cordwain College", AgencyKind.COLLEGE, SETTING_PEOPLE, urn="900208", terms=calendars.COLLEGE
    ),
    AgencyData(
        "kingfisher",
        "Kingfisher Nursery",
        AgencyKind.NURSERY,
        SETTING_PEOPLE,
        urn="900209",
        bell_at=dt.time(7, 30),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData("lapwing", "Lapwing Pre-school", AgencyKind.PRE_SCHOOL, SETTING_PEOPLE, urn="900210"),
    AgencyData(
        "clover",
        "Clover Childminding",
        AgencyKind.CHILDMINDER,
        ("dsl",),
        urn="900211",
        bell_at=dt.time(7, 45),
        terms=calendars.ALL_YEAR,
    ),
    AgencyData(
        "millstream",
        "Millstream Children's Centre",
        AgencyKind.CHILDRENS_CENTRE,
        SETTING_PEOPLE,
        urn="900212",
        bell_at=dt.time(9, 0),
        terms=calendars.ALL_YEAR,
    ),
]

NENEVALE = PartnershipData(
    slug="nenevale",
    name="Nenevale Safeguarding Children Partnership",
    config=CONFIG,
    terms=calendars.NENEVALE,
    lapsed=("deputy", "willow"),
    agencies=AGENCIES,
    agreements=[
        AgreementData(
            "Notifications to schools and settings",
            "1",
            ["domestic_abuse", "missing_episode"],
            dt.date(2024, 9, 2),
            parties=["police", "mash"],
        ),
    ],
)
