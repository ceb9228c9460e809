"""Long work that runs beside the web server, from one queue; what it did is kept in the database.

A job waits, is claimed by a worker (`manage.py work`), and runs in a child process of that worker. The claim counts
what runs, over all servers, so that there is a bound on how many run at once and how many of one person's. A worker
says every few seconds that its jobs are alive; one that falls silent is handed back and run again. Each run has a
number, and whatever a run writes is fenced by it: the last word, in the transaction of the effects, counts only while
the number is still the job's. So the effects happen once, whatever was killed, frozen or started twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F

from partnership.models.people import User

# A running job that was not heard of for so long has lost its worker: the worker speaks for it every few seconds.
SILENCE = timedelta(seconds=20)
# What waited for so long is not begun any more: the person has forgotten it, or done it in another way.
LONGEST_WAIT = timedelta(days=1)
# A file that nobody confirmed is kept so long.
FILES_KEPT = timedelta(days=7)
MOST_OF_ONE_PERSON = 1  # run at once
MOST_WAITING = 5  # of one person, those that run included
MOST_LOSSES = 3  # runs that may end without a word before the job is given up
CLAIM_LOCK = 5_113_001  # PostgreSQL's advisory lock of those who claim

WAITED_TOO_LONG = "It waited for more than a day and was not begun. Ask for it once more."
LOST_TOO_OFTEN = (
    f"The work ended {MOST_LOSSES} times without a word, so it is not tried again. Nothing was changed. Tell whoever"
    " looks after the portal."
)


class JobQuerySet(models.QuerySet):
    """Jobs, by whose they are and where they stand."""

    def of(self, user: User) -> JobQuerySet:
        """The person's own jobs: nobody else sees what a file holds before it is on the registers."""
        return self.filter(by=user)

    def waiting(self) -> JobQuerySet:
        """Jobs that wait for a worker, the one that is next first."""
        return self.filter(state__in=Job.RUNS_AS).order_by("pk")

    def running(self) -> JobQuerySet:
        """Jobs that a worker has claimed."""
        return self.filter(state__in=Job.RUNS_AS.values())

    def held(self, job: Job) -> JobQuerySet:
        """The job, as long as its present run is the one that was begun here. Every write of a run goes through it."""
        return self.running().filter(pk=job.pk, run=job.run)

    def move(self, job: Job, *states: str, to: str, at: datetime, **facts: object) -> bool:
        """Take a job from one of the states to another, once: of two who try, one is told ``False``."""
        return bool(self.filter(pk=job.pk, state__in=states).update(state=to, heard_at=at, **facts))

    def begin(self, pk: int, *, worker: str, at: datetime) -> Job | None:
        """Begin a run of one job; ``None`` when it does not wait."""
        for waits, runs in Job.RUNS_AS.items():
            begun = self.filter(pk=pk, state=waits)
            if begun.update(state=runs, run=F("run") + 1, worker=worker, heard_at=at, progress=0):
                return self.select_related("by").defer("file").get(pk=pk)
        return None

    def claim(self, *, worker: str, at: datetime, most: int) -> Job | None:
        """Begin a run of the job that is next, if the bounds leave room for one.

        Those who claim, on whatever server, do so one after the other, so that the bounds hold exactly.
        """
        with transaction.atomic():  # on SQLite it is IMMEDIATE: nobody else writes meanwhile
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
            self.hand_back_lost(at)
            people = list(self.running().values_list("by", flat=True))
            if len(people) >= most:
                return None
            full = {person for person in people if people.count(person) >= MOST_OF_ONE_PERSON}
            found = self.waiting().exclude(by__in=full).values_list("pk", flat=True).first()
            return self.begin(found, worker=worker, at=at) if found else None

    def hand_back_lost(self, at: datetime) -> None:
        """Let what fell silent wait again, and give up what was lost too often or waited too long."""
        for job in self.running().filter(heard_at__lt=at - SILENCE).defer("file"):
            self.hand_back(job, at)
        old = self.waiting().filter(heard_at__lt=at - LONGEST_WAIT)
        old.update(state=Job.State.REFUSED, result={"refusal": WAITED_TOO_LONG}, file=None)

    def hand_back(self, job: Job, at: datetime) -> None:
        """Let a job wait again whose run ended without a word; after too many of these, give it up."""
        held = self.held(job)
        if job.losses + 1 >= MOST_LOSSES:
            held.update(state=Job.State.REFUSED, result={"refusal": LOST_TOO_OFTEN}, file=None, losses=F("losses") + 1)
            return
        for waits, runs in Job.RUNS_AS.items():
            held.filter(state=runs).update(state=waits, worker="", heard_at=at, losses=F("losses") + 1)

    def refuse_too_many(self, by: User) -> None:
        """Raise ``ValidationError`` when the person has as much waiting as one person may. Inside a transaction."""
        User.objects.select_for_update().get(pk=by.pk)  # two forms sent at once are counted one after the other
        if self.of(by).filter(state__in=Job.UNDER_WAY).count() >= MOST_WAITING:
            raise ValidationError(
                f"{MOST_WAITING} of your files and publications are waiting or being worked on. Wait until one is done."
            )

    def forget_files(self, at: datetime) -> int:
        """Blank the files that nobody confirmed in time."""
        return self.filter(created_at__lt=at - FILES_KEPT, file__isnull=False).update(file=None)


class Job(models.Model):
    """Work on a file that somebody handed in, or a publication. Not a record: it says what happened, not what is true.

    A file is read (waiting, reading, ready or refused), and once its rows are confirmed it is written (confirmed,
    writing, done). A publication is confirmed when it is asked for.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READING = "reading", "Being read"
        READY = "ready", "Ready to confirm"
        REFUSED = "refused", "Refused"
        CONFIRMED = "confirmed", "Confirmed"
        WRITING = "writing", "Being imported"
        DONE = "done", "Imported"

    # For each state in which a job waits for a worker, the one in which it runs.
    RUNS_AS = {State.WAITING: State.READING, State.CONFIRMED: State.WRITING}
    UNDER_WAY = (*RUNS_AS, *RUNS_AS.values())

    by = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    register = models.CharField(max_length=60, help_text="The name of the register that the rows are for.")
    file_name = models.CharField(max_length=200)
    file = models.BinaryField(null=True, help_text="The file as it was handed in; blanked when it is no longer needed.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveIntegerField(default=0, help_text="Rows done so far.")
    total = models.PositiveIntegerField(default=0, help_text="Rows to do.")
    result = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="When it began to wait, or when its worker last said that it is alive.")
    run = models.PositiveIntegerField(default=0, help_text="Its present run; an earlier one may not write.")
    losses = models.PositiveIntegerField(default=0, help_text="How many runs ended without a word.")
    worker = models.CharField(max_length=100, blank=True, help_text="Who runs it: server and process.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "id"], name="job_queue")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.get_state_display().lower()}"

    @property
    def is_under_way(self) -> bool:
        """Return whether it waits for a worker or is at work: a job whose worker was lost waits again."""
        return self.state in self.UNDER_WAY

    @property
    def is_waiting(self) -> bool:
        """Return whether it waits for a worker."""
        return self.state in self.RUNS_AS

    def jobs_before(self) -> int:
        """Return how many jobs are ahead of it in the queue."""
        return Job.objects.waiting().filter(pk__lt=self.pk).count()

    def is_unattended(self, at: datetime) -> bool:
        """Return whether it waits or is silent although nothing at all is at work: there is no worker."""
        return (
            self.is_under_way
            and at - self.heard_at > 3 * SILENCE
            and not Job.objects.running().filter(heard_at__gte=at - SILENCE).exists()
        )

    @property
    def is_confirmed(self) -> bool:
        """Return whether the person has said yes to its rows."""
        return self.state in (self.State.CONFIRMED, self.State.WRITING, self.State.DONE)
