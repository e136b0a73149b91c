"""Which role handles which kind of record, at the agency where somebody holds it; what each kind needs besides (NTK-01, NTK-06)."""

# The database's roles: who serves, who reads behind the walls for a function, and who has not said who they are.
APP, DEFINER, NOBODY = "safeguarding_app", "safeguarding_definer", "safeguarding_nobody"

# Which roles handle which kind of record, at the agency where they hold the role.
HANDLERS: dict[str, tuple[str, ...]] = {
    "notification": ("mash_officer", "mash_manager"),
    "own_notification": ("police_officer", "integration"),
    "child": ("mash_officer", "mash_manager"),
    "sent_alert": ("mash_officer", "mash_manager"),
    "audit": ("ig_lead",),
    "members": ("agency_admin",),
    "colleagues": ("agency_admin", "ig_lead"),
    "sampling": ("mash_manager",),
    # who may let a colleague in or shut one out: at the setting, and at the hub (NTK-03, NTK-04)
    "share": ("dsl", "head"),
    "exclude": ("mash_manager",),
    # a grant holds while its bearer works where it found them, whatever the role
    "member": (
        *("mash_officer", "mash_manager", "police_officer", "ig_lead", "agency_admin", "coordinator", "chair", "idva"),
        *("dsl", "deputy_dsl", "head", "holiday_contact", "setting_staff", "ehe_officer", "practitioner"),
        *("lado", "authority_contact"),
        "information_desk",
        *("social_worker", "social_care_manager"),
    ),
    # who answers what the hub asks its agency, and who settles what goes into an intelligence package (MSH-02, MSH-04)
    "asked": ("information_desk", "dsl", "deputy_dsl"),
    "package": ("mash_manager",),
    # of these a partnership chooses who may break the glass (NTK-05)
    "break_glass": ("mash_officer", "mash_manager", "dsl", "deputy_dsl", "head"),
    # the hub takes referrals and patterns in; a manager closes the week; anybody who meets children may bring a worry (MSH-05)
    "referral": ("mash_officer", "mash_manager"),
    "weekly_review": ("mash_manager",),
    "pattern": ("mash_officer", "mash_manager"),
    "refer": (
        *("dsl", "deputy_dsl", "head", "holiday_contact", "setting_staff", "ehe_officer", "practitioner"),
        *(
            "mash_officer",
            "mash_manager",
            "police_officer",
            "coordinator",
            "chair",
            "idva",
            "lado",
            "authority_contact",
        ),
    ),
    "agreement": ("ig_lead",),
    # who may decide to share for their agency, and who answers for what it decides (SHR-02)
    "decide": (
        *("mash_officer", "mash_manager", "police_officer", "ig_lead", "coordinator", "chair", "idva"),
        *("dsl", "deputy_dsl", "head", "holiday_contact", "ehe_officer", "practitioner"),
        *("social_worker", "social_care_manager"),
    ),
    "decision": ("mash_officer", "mash_manager", "ig_lead", "dsl", "social_worker", "social_care_manager"),
    "signing": ("signatory", "head"),
    # strategy discussions are the local authority's; a manager chairs and records (STR-01, STR-02)
    "strategy": ("social_worker", "social_care_manager"),
    "strategy_record": ("social_care_manager",),
    # return interviews after a missing episode
    "missing": ("social_worker", "social_care_manager"),
    # a child's safeguarding file at a setting; of a child educated at home, at the council (ALR-15)
    "file": ("dsl", "deputy_dsl", "head", "ehe_officer", "authority_contact"),
    # what a setting tells parents about the scheme, and the words and services that the hub gives it (ALR-25, ALR-27)
    "documents": ("dsl", "deputy_dsl", "head", "agency_admin"),
    "wording": ("mash_manager",),
    # an adult who works with children: a manager of the hub judges, the LADO receives (ALR-14)
    "threshold": ("mash_manager",),
    "lado": ("lado",),
    # terms, INSET days, holidays and who answers in them
    "calendar": ("dsl", "agency_admin"),
    # who answers, for the agency that an item came from, whether it is wrong (SHR-14)
    "correction": ("police_officer", "mash_officer", "mash_manager", "dsl", "head"),
}

# What carries no case content: seen without training and acknowledgement (NTK-06). Every other kind needs both. Who refers
# sees their own words alone, and a worry about a child does not wait for a course.
WITHOUT_CONTENT = (
    *("audit", "members", "colleagues", "agreement", "signing", "documents", "wording", "calendar"),
    "refer",
)
# Other systems of an agency are bound by its agreement, not by a course.
NEEDS_NO_TRAINING = "integration"

# Bits of `Alert.audience`: which roles at the setting an alert is addressed to (ALR-04, ALR-06, ALR-07, ALR-23).
AUDIENCE_BITS: dict[str, int] = {
    "dsl": 1, "deputy_dsl": 2, "head": 4, "holiday_contact": 8, "ehe_officer": 16, "authority_contact": 32,
}  # fmt: skip


# Roles whose work is with content, and so needs training and acknowledgement (NTK-06).
CONTENT_ROLES = frozenset(
    {role for kind, roles in HANDLERS.items() if kind not in WITHOUT_CONTENT for role in roles} | set(AUDIENCE_BITS)
) - {NEEDS_NO_TRAINING}
