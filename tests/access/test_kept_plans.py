"""A connection keeps the plans of its statements; whose rows they give is asked anew each time (NTK-01)."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction

from alerts.models import Alert
from tests.factories import World
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.req("NTK-01", "NTK-02")
def test_a_kept_plan_gives_each_person_their_own_rows_and_nobody_none() -> None:
    with fixtures():
        world = World()
        child = world.child()
        mine = {person: world.alert(setting, child=child).pk for person, setting in
                ((world.dsl, world.school), (world.other_dsl, world.other_school))}  # fmt: skip
    assert connection.settings_dict["OPTIONS"]["prepare_threshold"] == 2
    for _ in range(4):
        for person, alert in mine.items():
            with as_user(person), transaction.atomic():
                assert [each.pk for each in Alert.objects.all()] == [alert]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM \"alerts_alert\"%'")
        assert cursor.fetchone()[0] > 0, "no plan was kept, so nothing was shown"
    with pytest.raises(ProgrammingError, match="no principal"), transaction.atomic():
        list(Alert.objects.all())


def test_moments_are_read_as_django_reads_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT '2026-07-01 12:00:00.000340+01'::timestamptz, '0001-01-02 00:00+00'::timestamptz, NULL::timestamptz"
        )
        assert cursor.fetchone() == (
            dt.datetime(2026, 7, 1, 11, 0, 0, 340, tzinfo=dt.UTC),
            dt.datetime(1, 1, 2, tzinfo=dt.UTC),
            None,
        )
