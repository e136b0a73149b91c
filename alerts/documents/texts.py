"""The words that come with the Hub, in our own sentences; a partnership may put its own in their place (ALR-25).

`{names in braces}` are filled in; a text with another name in braces is refused when it is saved.
"""

from alerts.documents.enums import DocumentKind

# What each name in braces stands for, as the editing pages explain it.
FIELDS: dict[str, str] = {
    "setting": "the setting's name",
    "partnership": "the partnership's name",
    "hub": "the team that sends the alerts",
    "incidents": "what the alerts are about",
    "when": "when an alert arrives",
    "leads": "the safeguarding leads, as the setting names them",
    "phone": "the setting's telephone number",
    "website": "the setting's website",
    "signed_by": "who signs",
    "signed_as": "their post",
    "query": "whom the setting asks",
    "told": "what an alert says",
}

LETTER = """Dear parents and carers

{setting} takes part in a scheme of {partnership}. When the police have been called about {incidents} and a child of ours \
is affected, they tell {hub}, and {hub} tells our safeguarding leads {when}.

We are told {told}. We use it for one thing: to look after the child at school. A child may need \
a quiet start, a patient teacher or somebody to talk to, and does not have to explain why.

Only our safeguarding leads receive these messages. They have been trained for it, and tell a colleague no more than that \
colleague needs in order to help. What we are told is kept with our safeguarding records, apart from other school records.

Our safeguarding leads are {leads}. Please speak to one of them if you have a question, or if there is something at home \
that you would like us to know. You can reach us on {phone}.

Yours faithfully

{signed_by}
{signed_as}"""

POLICY = """{setting} takes part in the notification scheme of {partnership}. {hub} tells our safeguarding leads {when} that the police \
have been called about {incidents} that affect one of our pupils. We are told {told}.

Our safeguarding leads ({leads}) decide what support the child needs and whether the child should notice it. \
They share with a colleague only what that colleague needs in order to help. They keep each message in the child's safeguarding file. \
They do not discuss it with the \
family unless the family speaks of it first or {hub} advises them to, and they never let an adult who may have caused harm learn of it. \
When they hold concerns of their own they tell {query}.

The leads train our staff in the scheme, watch over its safe use, and look back at what was done for each child."""

WEBSITE = """When the police are called about {incidents}, {hub} tells the safeguarding leads of {setting} {when}, \
so that we can support the child. We are told {told}. The information is kept securely and shared only where a child needs it. \
It is part of the work of {partnership}. If you have a question, ask {leads}, on {phone}."""

BRIEFING = """What the scheme is
The police tell {hub} about {incidents}. {hub} tells our safeguarding leads {when} when one of our pupils is affected. We are told {told}.

What you may be told
A safeguarding lead may ask you to support a child, silently or openly. You will be told what you need for that and no more. \
Please do not ask for more, and do not look for it elsewhere.

What you do
Be calm, kind and ordinary. Watch how the child is, and tell a lead what you see: {leads}. \
If the child speaks to you, listen, do not promise to keep it secret, \
write down the child's own words and tell a lead the same day.

What you never do
Do not speak about it with the family, with the child unless the child begins, or with anybody else. \
Never let an adult who may have caused harm learn that we know. Do not write it in the general pupil record, in a message or in a diary.

If a child is in danger now
Call 999, then tell a lead."""

DEFAULTS: dict[str, str] = {
    DocumentKind.LETTER: LETTER,
    DocumentKind.POLICY: POLICY,
    DocumentKind.WEBSITE: WEBSITE,
    DocumentKind.BRIEFING: BRIEFING,
}
