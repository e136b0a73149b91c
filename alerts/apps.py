from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alerts import decided, flows, questioned, sampled, today, watched
        from alerts.on_child import register_chapters
        from alerts.referrals import needs as referral_needs
        from alerts.referrals.discussed import from_referral
        from alerts.strategy import sharing, sources, waiting
        from safeguarding.governance.enums import SampleKind
        from safeguarding.governance.sampling import draws_from
        from safeguarding.governance.watching import names_from

        register_chapters()
        questioned.register_alerts()
        flows.register_alerts()
        today.register()
        decided.register()
        referral_needs.register_needs()
        names_from(watched.names_in)
        draws_from(SampleKind.SCREENINGS, sampled.screenings)
        draws_from(SampleKind.ALERTS, sampled.sent_alerts)
        sharing.register()
        waiting.register()
        sources.register("N", sources.from_notification)
        sources.register("A", sources.from_alert)
        sources.register("R", from_referral)
