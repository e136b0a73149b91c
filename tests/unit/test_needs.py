"""What waits for a person, in words: of one thing, and of several."""

import pytest

from safeguarding.web.needs import Need


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("new alerts", "new alert"),
        ("alerts opened and not acknowledged", "alert opened and not acknowledged"),
        ("alerts sent back: the child is not on the roll", "alert sent back: the child is not on the roll"),
        ("notifications are late", "notification is late"),
        ("reviews of alerts are due", "review of alerts is due"),
        ("referrals that are late", "referral that is late"),
        ("conversations that wait for your answer", "conversation that waits for your answer"),
        ("safeguarding files that come to you", "safeguarding file that comes to you"),
        ("settings that have ended, to hand over", "setting that has ended, to hand over"),
        ("children who moved to your area, to take up", "child who moved to your area, to take up"),
        ("people whose training or terms have lapsed", "person whose training or terms have lapsed"),
        ("adults who work with children, to be judged", "adult who works with children, to be judged"),
        ("section 47 enquiries past a clock", "section 47 enquiry past a clock"),
        ("returns or destructions to confirm", "return or destruction to confirm"),
        ("areas whose default school days run out", "area whose default school days run out"),
        ("roles of yours open nothing: terms are missing", "role of yours opens nothing: terms are missing"),
        ("documents for parents to confirm", "document for parents to confirm"),
        ("strategy discussions that you are invited to", "strategy discussion that you are invited to"),
        ("return interviews", "return interview"),
        ("unusual access to review", "unusual access to review"),
        ("week of contacts and referrals to review", "week of contacts and referrals to review"),
    ],
)
def test_one_thing_is_not_spoken_of_as_several(several: str, one: str) -> None:
    assert Need(several, "/", 2).said == several
    assert Need(several, "/", 1).said == one
