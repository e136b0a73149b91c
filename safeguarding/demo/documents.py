"""What the demo's settings tell parents, and where its families find help; every service is invented."""

import datetime as dt

from django.utils import timezone

from alerts.briefings.enums import RecordKind
from alerts.briefings.models import SchemeRecord
from alerts.documents.enums import DocumentKind, ForWhom
from alerts.documents.models import Publication, SettingDetails, SupportService
from alerts.documents.selectors import Desk, document
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.demo.shapes import PartnershipData

_SERVICES = (
    (
        ForWhom.CHILDREN,
        "Lighthouse Listening",
        "Somebody to talk to, by telephone or chat",
        "01632 960601",
        "4pm to 10pm",
    ),
    (ForWhom.CHILDREN, "Steady Steps Play Therapy", "Play therapy for children aged 4 to 11", "01632 960602", ""),
    (
        ForWhom.ADULTS,
        "Safe Harbour Advice",
        "Advice and refuge for anybody who is hurt at home",
        "01632 960603",
        "Day and night",
    ),
    (ForWhom.ADULTS, "Men's Line Invented", "Support for men who are hurt at home", "01632 960604", "9am to 5pm"),
    (ForWhom.HARMING, "Turning Round", "A course for adults who want to stop hurting others", "01632 960605", ""),
    (ForWhom.PRACTICAL, "Check who may collect the child", "Ask for court orders and keep a copy in the file", "", ""),
    (ForWhom.PRACTICAL, "Uniform, lunch and transport", "Help quietly when a child has left home in a hurry", "", ""),
    (ForWhom.STAFF, "Talk it over", "Supervision for safeguarding leads", "01632 960606", "Thursdays"),
)


def load_documents(partnership: Partnership, data: PartnershipData, agencies: dict[str, Agency]) -> None:
    """A list of services, one setting with its details, and one confirmation that is due again."""
    if partnership.support_services.exists():
        return
    today = timezone.localdate()
    SupportService.objects.bulk_create(
        SupportService(
            partnership=partnership,
            for_whom=whom,
            name=name,
            words=words,
            phone=phone,
            hours=hours,
            # the last of them has not been looked at for more than a year
            checked_on=today - dt.timedelta(days=400 if name == "Talk it over" else 60),
        )
        for whom, name, words, phone, hours in _SERVICES
    )
    meadow = agencies["meadow"]
    by = User.objects.get(email=data.email_of("dsl", "meadow"))
    SettingDetails.objects.get_or_create(
        setting=meadow,
        defaults={
            "leads": [by.name, "the deputy lead"],
            "signed_by": User.objects.get(email=data.email_of("head", "meadow")).name,
            "signed_as": "Head teacher",
            "phone": meadow.phone,
            "website": f"www.meadow.{data.slug}.example",
            "changed_by": by,
        },
    )
    desk = Desk(meadow, partnership)
    for record_kind, staff, words in (
        (RecordKind.BRIEFING, 31, "Led by the lead at the September training day. Who came is on the office's list."),
        (
            RecordKind.CHECK,
            None,
            "Three alerts looked at with the head: all opened before the bell, none left on a screen.",
        ),
    ):
        SchemeRecord.objects.create(
            partnership=partnership,
            setting=meadow,
            kind=record_kind,
            held_on=today - dt.timedelta(days=70),
            staff=staff,
            words=words,
            recorded_by=by,
        )
    for kind, days, where in (
        (DocumentKind.LETTER, 80, "Sent home to every family with the term's letter"),
        (DocumentKind.POLICY, 380, "Safeguarding policy, section 9"),
    ):
        Publication.objects.create(
            partnership=partnership,
            setting=meadow,
            kind=kind,
            published_on=today - dt.timedelta(days=days),
            where=where,
            text=document(desk, kind).text,
            confirmed_by=by,
        )
