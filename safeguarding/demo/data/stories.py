"""Children on record at the hubs, and what the police have sent of late; all invented, told relative to the day of loading."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.intake.enums import NotificationKind, Risk
from alerts.screening.enums import Decision


@dataclass(frozen=True)
class ChildData:
    """A child on the hub's record, and the setting it attends; without one it learns at home."""

    partnership: str
    given_name: str
    family_name: str
    born: str
    setting: str | None
    upn: str | None = None
    nhs_number: str | None = None


@dataclass(frozen=True)
class Sent:
    """A child as the police sent it."""

    given_name: str
    family_name: str
    born: str | None
    setting: str | None = None
    setting_name: str | None = None
    upn: str | None = None
    home_educated: bool | None = None
    expected_in_days: int | None = None
    present: bool | None = True


@dataclass(frozen=True)
class Screened:
    level: int
    decision: Decision
    reason: str


@dataclass(frozen=True)
class Story:
    """One notification and how far it has come; `read` is what the settings did with it."""

    partnership: str
    number: int
    hours_ago: float
    children: Sequence[Sent]
    adults: tuple[str, str] = ("", "")
    risk: Risk = Risk.MEDIUM
    kind: NotificationKind = NotificationKind.DOMESTIC_ABUSE
    narrative: str = ""
    claimed: bool = False
    screened: Screened | None = None
    opened: bool = False
    acknowledged: bool = False
    overdue: bool = False
    # who sent it: the police's system, or the hub that typed in what another force phoned through
    source: str = "police"
    # what came after it was read: the police said another date of birth, took it back, or it was the wrong school
    born_after_all: str | None = None
    withdrawn: bool = False
    redirected: str | None = None
    works_with_children: str = ""


CHILDREN = (
    ChildData("wexbourne", "Saoirse", "Bellweather-Nwosu", "2017-03-19", "meadow", upn="W878999923001"),
    ChildData("wexbourne", "Idunn", "Castellane-Roy", "2018-09-02", "meadow"),
    ChildData("wexbourne", "Tobiah", "Castellane-Roy", "2018-09-02", "meadow"),
    ChildData("wexbourne", "Zoltan", "Ferreby", "2012-11-30", "harbour"),
    ChildData("wexbourne", "Aminata", "Ferreby", "2010-02-14", "harbour"),
    ChildData("wexbourne", "Wilhelmina", "Arkadi-Stowe", "2016-12-08", "larch"),
    ChildData("wexbourne", "Lorcan", "Quistgaard", "2014-07-07", None),
    # taken down twice: the first two wait for a person, the others a person has joined
    ChildData("wexbourne", "Saorse", "Belweather Nwosu", "2017-03-19", "harbour"),
    ChildData("wexbourne", "Zoltan", "Ferebee", "2012-11-30", "harbour"),
    ChildData("calderwick", "Jehona", "Ashgrove-Dlamini", "2015-08-23", "meadow"),
    ChildData("calderwick", "Piers", "Ollerenshaw-Bey", "2011-04-11", "harbour"),
    ChildData("nenevale", "Rukhsana", "Tolliver", "2013-10-05", "harbour"),
    ChildData("nenevale", "Emrys", "Vandermolen", "2016-01-27", "meadow"),
)

# Partnership, then given and family name of the record that stays and of the one that is joined to it.
JOINED = (("wexbourne", ("Zoltan", "Ferreby"), ("Zoltan", "Ferebee")),)

STORIES = (
    # wexbourne: the queue of this morning
    Story(
        "wexbourne",
        101,
        9,
        (Sent("Saoirse", "Bellweather-Nwosu", "2017-03-19", "meadow", upn="W878999923001"),),
        ("Keziah Bellweather", "Chike Nwosu"),
        narrative="Neighbours phoned about shouting. Officers spoke to both adults; the child was upstairs.",
        works_with_children="Chike Nwosu",
    ),
    Story(
        "wexbourne",
        102,
        3.5,
        (Sent("Zoltan", "Ferreby", "2012-11-30", "harbour"), Sent("Aminata", "Ferreby", "2010-02-14", "harbour")),
        ("Orsolya Ferreby", "Lamin Ferreby"),
        Risk.HIGH,
        narrative="Second call to this address in a month. One adult arrested. Both children saw part of it.",
        claimed=True,
    ),
    # a misspelt name of one of the twins: somebody alike is on record
    Story(
        "wexbourne",
        103,
        11,
        (Sent("Idun", "Castelane-Roy", "2018-09-02"),),
        ("Mireille Castellane", "Padraig Roy"),
        narrative="Argument at a handover of the child between two households. No injury seen.",
    ),
    # nobody knows yet where this child goes to school
    Story(
        "wexbourne",
        104,
        13,
        (Sent("Basimah", "Underhallow", "2019-05-21", setting_name="a nursery near the pier", present=None),),
        ("Hadiya Underhallow", "Corin Maddersby"),
        Risk.STANDARD,
        narrative="Caller reported damage to a door. The family moved here last month.",
    ),
    # the hub typed in what a force over the border phoned through: is it the incident of 102?
    Story(
        "wexbourne",
        113,
        3,
        (Sent("Zoltan", "Ferreby", "2012-11-30", "harbour"),),
        ("Orsolya Ferreby", ""),
        narrative="Phoned through by the force over the border, whose car was first at the address.",
        source="mash",
    ),
    # a child who is not born yet, and a sister at school
    Story(
        "wexbourne",
        114,
        7,
        (
            Sent("", "Abernethy-Sow", None, expected_in_days=70),
            Sent("Marguerite", "Abernethy-Sow", "2018-04-17", "meadow"),
        ),
        ("Bintou Abernethy", "Lachlan Sow"),
        narrative="Caller is expecting. Pushed in the kitchen; seen by a midwife since.",
    ),
    # what has left
    Story(
        "wexbourne",
        105,
        30,
        (Sent("Tobiah", "Castellane-Roy", "2018-09-02", "meadow"),),
        ("Mireille Castellane", "Padraig Roy"),
        screened=Screened(2, Decision.SEND, "Known to the school; support for the family is in place and working."),
        opened=True,
    ),
    Story(
        "wexbourne",
        106,
        52,
        (Sent("Sorrel", "Anyanwu-Petrie", "2017-11-12", "meadow"),),
        ("Ngozi Anyanwu", "Fergus Petrie"),
        Risk.STANDARD,
        screened=Screened(1, Decision.SEND, "First report, words only. The school can keep an eye on the child."),
        opened=True,
        acknowledged=True,
    ),
    Story(
        "wexbourne",
        107,
        20,
        (Sent("Leocadie", "Hartnoll-Sesay", "2011-06-30", "harbour"),),
        ("Marisa Hartnoll", "Alusine Sesay"),
        Risk.HIGH,
        screened=Screened(
            4, Decision.SEND_AND_CONTACT, "Injury to an adult in front of the child; strategy discussion today."
        ),
    ),
    Story(
        "wexbourne",
        108,
        44,
        (Sent("Caspian", "Oyelaran-Budge", "2013-02-03", "harbour"),),
        ("Temitope Oyelaran", "Giles Budge"),
        screened=Screened(3, Decision.SEND, "Third report this year; early-help plan to be reviewed with the school."),
        overdue=True,
    ),
    Story(
        "wexbourne",
        112,
        18,
        (Sent("Isolde", "Trevanion-Mbatha", "2015-10-02", "meadow"),),
        ("Morwenna Trevanion", "Lwazi Mbatha"),
        screened=Screened(2, Decision.SEND, "First report with an injury; the school should watch how the child is."),
    ),
    # what was changed after it was read
    Story(
        "wexbourne",
        115,
        31,
        (Sent("Emmeline", "Rasmussen-Toure", "2015-02-11", "meadow"),),
        ("Signy Rasmussen", "Ousmane Toure"),
        screened=Screened(2, Decision.SEND, "The school knows the family and can keep an eye on the child."),
        opened=True,
        acknowledged=True,
        born_after_all="2015-11-02",
    ),
    Story(
        "wexbourne",
        116,
        34,
        (Sent("Casimir", "Holloway-Adeyemi", "2013-08-08", "meadow"),),
        ("Freya Holloway", "Tunde Adeyemi"),
        screened=Screened(1, Decision.SEND, "First report, words only."),
        opened=True,
        withdrawn=True,
    ),
    Story(
        "wexbourne",
        117,
        36,
        (Sent("Ingrith", "Vasquez-Thorne", "2014-12-24", "meadow"),),
        ("Pilar Vasquez", "Hugo Thorne"),
        screened=Screened(2, Decision.SEND, "Early help is offered; the school should know."),
        opened=True,
        redirected="harbour",
    ),
    # missing twice within a month: back once, and still missing
    Story(
        "wexbourne",
        118,
        20 * 24,
        (Sent("Ruaridh", "Okonkwo-Pell", "2011-01-19", "harbour", present=None),),
        kind=NotificationKind.MISSING_EPISODE,
        narrative="Did not come home from training.",
        screened=Screened(2, Decision.SEND, "First episode; the school should know."),
        opened=True,
    ),
    Story(
        "wexbourne",
        119,
        10,
        (Sent("Ruaridh", "Okonkwo-Pell", "2011-01-19", "harbour", present=None),),
        kind=NotificationKind.MISSING_EPISODE,
        narrative="Left the house in the evening, phone switched off.",
        screened=Screened(2, Decision.SEND, "Second episode within a month; watch for a pattern."),
    ),
    # withheld: one school never signed, one has left the agreement
    Story(
        "wexbourne",
        109,
        26,
        (
            Sent("Wilhelmina", "Arkadi-Stowe", "2016-12-08", "larch"),
            Sent("Bartek", "Arkadi-Stowe", "2020-10-18", "quay"),
        ),
        ("Dorota Arkadi", "Miles Stowe"),
        screened=Screened(2, Decision.SEND, "Both schools should know; early help is offered to the family."),
    ),
    Story(
        "wexbourne",
        110,
        28,
        (Sent("Lorcan", "Quistgaard", "2014-07-07", home_educated=True),),
        ("Signe Quistgaard", "Declan Moyle"),
        screened=Screened(2, Decision.SEND, "Educated at home: the council's officer should look in."),
    ),
    Story(
        "wexbourne",
        111,
        33,
        (Sent("Perpetua", "Achterberg", "2009-03-03", "estuary", present=False),),
        ("Joost Achterberg", "Rosalind Teague"),
        Risk.STANDARD,
        screened=Screened(
            1, Decision.NO_ALERT, "Neither adult lives with or cares for the child; recorded by mistake."
        ),
    ),
    # calderwick
    Story(
        "calderwick",
        201,
        3,
        (Sent("Jehona", "Ashgrove-Dlamini", "2015-08-23", "meadow"),),
        ("Blerta Ashgrove", "Sipho Dlamini"),
        Risk.HIGH,
        narrative="Threats by phone over several days. One adult is staying with relatives tonight.",
    ),
    Story(
        "calderwick",
        202,
        29,
        (Sent("Piers", "Ollerenshaw-Bey", "2011-04-11", "harbour"),),
        ("Hannelore Ollerenshaw", "Tarik Bey"),
        screened=Screened(2, Decision.SEND, "Getting Help: a family worker is already there."),
        opened=True,
    ),
    # nenevale: nobody screens; what is certain has left by itself
    Story(
        "nenevale",
        301,
        14,
        (Sent("Rukhsana", "Tolliver", "2013-10-05", "harbour", present=None),),
        kind=NotificationKind.MISSING_EPISODE,
        risk=Risk.MEDIUM,
        narrative="Did not come home from a friend's house; found safe at a relative's.",
        opened=True,
    ),
    Story(
        "nenevale",
        302,
        16,
        (Sent("Emrys", "Vandermolen", "2016-01-27", "meadow"),),
        ("Carys Vandermolen", "Joost Vandermolen"),
        Risk.STANDARD,
    ),
    Story(
        "nenevale",
        303,
        12,
        (Sent("Emris", "Vander Molen", "2016-01-27"),),
        ("Carys Vandermolen", "Joost Vandermolen"),
        narrative="A second call to the same family; the name was taken down by phone.",
    ),
)
