"""Who may see what is said about an alert, what is disclosed after it, and of adults who work with children (access/rules.py)."""

from safeguarding.access.vocabulary import AnswersAlert, Handles, Open, Service, Shut, Told, Walled

_DISPATCH = Service(("dispatch",))

TALK_WALLS: dict[str, Walled | Open] = {
    # talking about an alert: between whom it is addressed to and the hub, and nobody who was only let see it
    "alerts.Conversation": Walled(
        read=(Handles("sent_alert"), AnswersAlert("alert_id"), _DISPATCH),
        add=(Handles("sent_alert"), AnswersAlert("alert_id")),
        change=(Handles("sent_alert"), AnswersAlert("alert_id")),
        shut=(Shut("alerts", "alert_id"),),
        columns=("state", "changed_at", "asked_at"),
    ),
    "alerts.TalkEntry": Walled(
        read=(Handles("sent_alert", "hub_id"), AnswersAlert("told_id"), _DISPATCH),
        add=(Handles("sent_alert", "hub_id"), AnswersAlert("told_id")),
        change=(Handles("sent_alert", "hub_id"), AnswersAlert("told_id")),
        shut=(Shut("alerts", "alert_id"),),
        columns=("recalled_at", "recalled_by_id", "recalled_because"),
    ),
    "alerts.FourQuestions": Walled(
        read=(Handles("sent_alert"), AnswersAlert("alert_id"), _DISPATCH),
        add=(Handles("sent_alert"), AnswersAlert("alert_id")),
        shut=(Shut("alerts", "alert_id"),),
    ),
    "alerts.Liaison": Walled(
        read=(Handles("sent_alert"), AnswersAlert("alert_id"), _DISPATCH),
        add=(AnswersAlert("alert_id"),),
        shut=(Shut("alerts", "alert_id"),),
    ),
    "alerts.Disclosure": Walled(
        read=(Handles("sent_alert"), Told(), _DISPATCH),
        add=(Handles("sent_alert"),),
        change=(Handles("sent_alert"),),
        shut=(Shut("alerts", "alert_id"),),
        columns=("withdrawn_at", "withdrawn_by_id"),
    ),
    # an adult who works with children: the setting tells, the hub judges, the LADO receives (ALR-14)
    "alerts.AdultConcern": Walled(
        read=(
            Handles("sent_alert"),
            AnswersAlert("alert_id"),
            Handles("lado", "lado_agency_id"),
            _DISPATCH,
        ),
        add=(Handles("sent_alert"), AnswersAlert("alert_id")),
        change=(Handles("threshold"),),
        shut=(Shut("alerts", "alert_id"), Shut("notifications", "notification_id")),
        columns=("state", "judged_at", "lado_agency_id"),
    ),
    "alerts.LadoReferral": Walled(
        read=(Handles("sent_alert"), Handles("lado", "lado_agency_id"), _DISPATCH),
        add=(Handles("threshold"),),
        change=(Handles("lado", "lado_agency_id"),),
        shut=(Shut("alerts", "alert_id"), Shut("notifications", "notification_id")),
        columns=("received_at", "received_by_id", "answer"),
    ),
}
