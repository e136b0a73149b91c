"""The lines of access/rules.py for strategy discussions and missing episodes: they stand in its one table (STR, ALR-02)."""

from safeguarding.access.vocabulary import (
    AsksForDiscussion,
    Handles,
    Invited,
    LetsIn,
    MayLetIn,
    Mine,
    SeesDiscussion,
    Service,
    Shut,
    Walled,
)

DISPATCH, MATCHING = "dispatch", "matching"
_OF_CHILD = Shut("children", "child_id")
_OF_NOTIFICATION = Shut("notifications", "notification_id")

STRATEGY: dict[str, Walled] = {
    # the authority's; a hub sees what it asked for, invited people theirs, and the record once it is sent
    "alerts.StrategyDiscussion": Walled(
        read=(Handles("strategy"), Handles("notification", "asked_at_id"), Invited(), Service((DISPATCH,))),
        add=(AsksForDiscussion(),),
        change=(Handles("strategy"), Service((DISPATCH,))),
        shut=(Shut("discussions", "id"), _OF_NOTIFICATION),
    ),
    "alerts.ConcernedChild": Walled(
        read=(SeesDiscussion("discussion_id"),),
        add=(Handles("strategy"), Handles("notification", "asked_at_id")),
        shut=(Shut("discussions", "discussion_id"), _OF_CHILD),
    ),
    "alerts.DiscussionInvitation": Walled(
        read=(Mine("user_id"), SeesDiscussion("content_object_id")),
        add=(LetsIn("discussion"),),
        change=(MayLetIn("discussion"), Service((DISPATCH,))),
        shut=(Shut("discussions", "content_object_id"),),
        columns=(
            *("withdrawn_at", "withdrawn_by_id", "state", "answered_at", "attended", "record_sent_at"),
            *("record_opened_at", "chased_at"),
        ),
    ),
    "alerts.DiscussionRecord": Walled(
        read=(Handles("strategy"), Invited("discussion_id", to_record=True), Service((DISPATCH,))),
        add=(Handles("strategy_record"),),
        change=(Handles("strategy_record"),),
        shut=(Shut("discussions", "discussion_id"),),
    ),
    "alerts.DiscussionAction": Walled(
        read=(Handles("strategy"), Invited("discussion_id", to_record=True), Service((DISPATCH,))),
        add=(Handles("strategy_record"),),
        change=(Handles("strategy"), Invited("discussion_id", agency="agency_id", to_record=True)),
        shut=(Shut("discussions", "discussion_id"),),
        columns=("state", "answered_at", "answered_by_id", "note"),
    ),
    "alerts.Dissent": Walled(
        read=(Handles("strategy"), Invited("discussion_id", agency="agency_id"), Service((DISPATCH,))),
        add=(Invited("discussion_id", agency="agency_id", by="raised_by_id"),),
        change=(Handles("strategy_record"), Invited("discussion_id", agency="agency_id", by="raised_by_id")),
        shut=(Shut("discussions", "discussion_id"),),
        columns=("state", "answered_at", "answered_by_id", "answer"),
    ),
    # missing episodes: the hub's, whose police sent them, and the authority's that offers the return interview
    "alerts.MissingEpisode": Walled(
        read=(
            Handles("notification"),
            Service((MATCHING, DISPATCH)),
            Handles("own_notification", "source_id"),
            Handles("missing", "council_id"),
        ),
        add=(Handles("notification"), Service((MATCHING, DISPATCH))),
        change=(
            Handles("notification"),
            Service((MATCHING, DISPATCH)),
            Handles("own_notification", "source_id"),
            Handles("missing", "council_id"),
        ),
        shut=(_OF_NOTIFICATION, _OF_CHILD),
        columns=(
            *("returned_at", "returned_told_by", "return_recorded_at", "return_recorded_by_id", "state"),
            *("interview_due_at", "interview_offered_at", "interview_at", "interview_outcome", "interview_by_id"),
            *("chased_at", "missing_since"),
        ),
    ),
}
