"""Everything that is remembered, in words; an event that is not listed here cannot be recorded (AUD-01, AUD-02)."""

EVENTS: dict[str, str] = {
    # sign-in and membership
    "user.signed_in": "Signed in",
    "user.sign_in_failed": "Sign-in failed",
    "user.signed_out": "Signed out",
    "member.invited": "Invited a member",
    "member.invitation_withdrawn": "Invitation withdrawn",
    "member.joined": "Joined the agency",
    "member.roles_changed": "Roles changed",
    "member.ended": "Membership ended",
    "token.issued": "Token issued",
    "token.revoked": "Token revoked",
    "access.denied": "Access refused",
    "access.failed": "A request failed",
    # intake
    "notification.received": "Notification received",
    "notification.opened": "Notification opened",
    "notification.listed": "Queue looked at",
    "notification.claimed": "Claimed",
    "notification.released": "Released",
    "notification.purged": "Police content deleted",
    "notification.closed": "Closed without an alert",
    "child.matched": "Child matched",
    "child.match_decided": "Match decided by a person",
    "upload.received": "File uploaded",
    "upload.finished": "File processed",
    # screening
    "screening.decided": "Screening decided",
    # alerts
    "alert.prepared": "Alert prepared",
    "alert.sent": "Sent",
    "alert.withheld": "Withheld",
    "alert.failed": "Sending failed; a person has to look",
    "alert.retried": "Sending tried again by a person",
    "alert.listed": "Inbox looked at",
    "alert.checked": "Looked at by the hub",
    "alert.opened": "Opened",
    "alert.acknowledged": "Acknowledged",
    "alert.chased": "Chased",
    "alert.escalated": "Passed on to another role",
    "alert.closed": "Closed",
    "email.sent": "E-mail sent",
    "email.failed": "E-mail could not be sent",
    # information governance
    "log.searched": "Access log looked at",
    "log.person": "Looked up what a person opened",
    "log.trail": "Looked up who has seen a record",
    "log.exported": "Access log exported",
    # agreements
    "agreement.signed": "Agreement signed",
    "agreement.withdrawn": "Agreement withdrawn",
    # configuration and accounts: which columns changed stands in the entry's changes
    "configuration.added": "Configuration added",
    "configuration.changed": "Configuration changed",
    "configuration.removed": "Configuration removed",
    # installation
    "demo.loaded": "Demonstration world loaded",
    "partnership.entered": "Partnership entered",
}
