"""Partnerships with as many joint posts as are asked for, and people who look at them."""

from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from joint_posts.models import JointPost, PostStep
from partnership.records import as_at
from partnership.records.record import recording
from tests.factories import START, make_council, make_membership, make_partnership

STATUSES = ("agreed", "in post", "vacant")
TIERS = ("chief officer", "assistant director", "head of service", "")


def put(model, rows):
    """Many rows at once, past the register's door and without history: what is measured reads the registers."""
    QuerySet(model).bulk_create(rows, batch_size=1_000)


def settle():
    """Let the database look at its tables, as it does by itself in time, and work where its time is counted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


class Looker:
    """A partnership of two councils, and somebody who looks at its pages."""

    role = "officer"

    def __init__(self):
        self.councils = [make_council(), make_council()]
        self.partnership = make_partnership(councils=self.councils)
        self.by = make_membership(council=self.councils[0], role=self.role).user
        self.client = Client()
        self.client.force_login(self.by)

    def get(self, address, status=200, **headers):
        """A page, read to its end."""
        response = self.client.get(address, headers=headers)
        assert response.status_code == status, (address, response.status_code)
        self.tag = response.get("ETag")
        return b"".join(response.streaming_content) if response.streaming else response.content


class Posts(Looker):
    """One with so many joint posts."""

    def __init__(self, number):
        super().__init__()
        self.number = number
        put(JointPost, [self.post(place) for place in range(number)])
        facts = {"status": "in post", "appointment": "interim", "from_on": START}
        put(PostStep, [PostStep(post=post, title=post.title, **facts) for post in self.rows()])
        settle()

    def post(self, place):
        """The fields vary, as those of a register do."""
        return JointPost(
            partnership=self.partnership,
            title=f"Director of service {place * 7919 % self.number:06}",
            status=STATUSES[place % 3],
            appointment="interim" if place % 2 else "permanent",
            tier=TIERS[place % 4],
            home_council=(*self.councils, None)[place % 3],
            officer_consulted_on=START,
            purpose="One team serves the residents of both councils.",
            started_on=date(2015, 1, 1) + timedelta(days=place % 2000),
            version=1,
        )

    def rows(self):
        """Its posts."""
        return JointPost.objects.filter(partnership=self.partnership)


class Remembered(Posts):
    """One whose posts and their steps were each saved twice, long ago."""

    def __init__(self, number):
        super().__init__(number)
        for on in (date(2020, 1, 1), date(2021, 1, 1)):
            remember(JointPost, self.rows(), on, by=self.by)
            remember(PostStep, PostStep.objects.filter(post__partnership=self.partnership), on, by=self.by)
        settle()


def remember(model, rows, on, *, by):
    """A row of history of each of the rows, as if they had been saved on that day."""
    with recording(by=by, reason="Made up", at=as_at.end_of(on)) as now:
        rows = list(rows)
        for row in rows:
            row.sign(now)
        model.history.bulk_history_create(rows, batch_size=1_000, default_user=by)
