"""The functions of wall 2 that say who can see a record, and why: to whoever may see it, to nobody else (NTK-08)."""

from safeguarding.access.clauses import any_of
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Walled

_AUDIENCE_ROWS = ", ".join(f"('{role}', {bit})" for role, bit in AUDIENCE_BITS.items())


def roles_for(kind: str) -> str:
    return ", ".join(f"'{role}'" for role in HANDLERS[kind])


def _read(label: str) -> str:
    rule = WALLS[label]
    assert isinstance(rule, Walled)
    return any_of(rule.read)


READERS = f"""
CREATE OR REPLACE FUNCTION app.sees_alert(alert bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.alerts_alert WHERE id = alert AND ({_read("alerts.Alert")})
    AND id <> ALL (ARRAY(SELECT app.shut_alerts(app.uid())))) $$;

CREATE OR REPLACE FUNCTION app.sees_notification(notification bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.alerts_notification WHERE id = notification
    AND (controller_id IN (SELECT app.my_agencies('notification')) OR id IN (SELECT app.my_notification_grants()))
    AND id <> ALL (ARRAY(SELECT app.shut_notifications(app.uid())))) $$;

CREATE OR REPLACE FUNCTION app.alert_readers(alert bigint) RETURNS TABLE (user_id bigint, agency_id bigint, role text, why text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT r.* FROM (
    SELECT m.user_id, m.agency_id, m.role::text, 'addressed'
    FROM public.alerts_alert a JOIN public.agencies_membership m ON m.agency_id = a.setting_id AND m.ended_at IS NULL
      AND m.cleared_until > now()
    JOIN (VALUES {_AUDIENCE_ROWS}) AS b(role, bit) ON b.role = m.role AND a.audience & b.bit <> 0
    WHERE a.id = alert
    UNION ALL
    SELECT m.user_id, m.agency_id, m.role::text, 'controls'
    FROM public.alerts_alert a JOIN public.agencies_membership m ON m.agency_id = a.controller_id AND m.ended_at IS NULL
      AND m.cleared_until > now()
    WHERE a.id = alert AND m.role IN ({roles_for("sent_alert")})
    UNION ALL
    SELECT g.user_id, g.agency_id, NULL, CASE WHEN g.break_glass_id IS NULL THEN 'granted' ELSE 'emergency' END
    FROM public.alerts_alertgrant g
    WHERE g.content_object_id = alert AND g.withdrawn_at IS NULL AND g.expires_at > now() AND app.reads_at(g.user_id, g.agency_id)
  ) AS r(user_id, agency_id, role, why)
  JOIN public.agencies_user u ON u.id = r.user_id AND u.is_active
  WHERE app.sees_alert(alert) AND r.user_id NOT IN (SELECT app.people_shut_from_alert(alert)) $$;

CREATE OR REPLACE FUNCTION app.notification_readers(notification bigint)
RETURNS TABLE (user_id bigint, agency_id bigint, role text, why text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT r.* FROM (
    SELECT m.user_id, m.agency_id, m.role::text, CASE WHEN m.agency_id = n.controller_id THEN 'handles' ELSE 'sent_it' END
    FROM public.alerts_notification n
    JOIN public.agencies_membership m ON m.agency_id IN (n.controller_id, n.source_id) AND m.ended_at IS NULL
      AND m.cleared_until > now()
      AND (m.agency_id = n.controller_id AND m.role IN ({roles_for("notification")})
        OR m.agency_id = n.source_id AND m.role IN ({roles_for("own_notification")}))
    WHERE n.id = notification
    UNION ALL
    SELECT g.user_id, g.agency_id, NULL, CASE WHEN g.break_glass_id IS NULL THEN 'granted' ELSE 'emergency' END
    FROM public.alerts_notificationgrant g
    WHERE g.content_object_id = notification AND g.withdrawn_at IS NULL AND g.expires_at > now()
      AND app.reads_at(g.user_id, g.agency_id)
  ) AS r(user_id, agency_id, role, why)
  JOIN public.agencies_user u ON u.id = r.user_id AND u.is_active
  WHERE app.sees_notification(notification) AND r.user_id NOT IN (SELECT app.people_shut_from_notification(notification)) $$;

CREATE OR REPLACE FUNCTION app.child_readers(child bigint) RETURNS TABLE (user_id bigint, agency_id bigint, role text, why text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT m.user_id, m.agency_id, m.role::text, 'keeps'
  FROM public.children_child c JOIN public.agencies_membership m ON m.agency_id = c.controller_id AND m.ended_at IS NULL
    AND m.cleared_until > now()
  JOIN public.agencies_user u ON u.id = m.user_id AND u.is_active
  WHERE c.id = child AND m.role IN ({roles_for("child")})
    AND c.controller_id IN (SELECT app.my_agencies('child')) AND c.id <> ALL (ARRAY(SELECT app.shut_children(app.uid())))
    AND m.user_id NOT IN (SELECT app.people_shut_from_child(child)) $$;
"""
