"""Long work that runs beside the web server, in a process of its own; what it did is kept in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from partnership.models.people import User

# A job that has not been heard of for so long has died: its process says so several times a minute.
SILENCE = timedelta(seconds=60)
# A file that nobody confirmed is kept so long.
FILES_KEPT = timedelta(days=7)


class JobQuerySet(models.QuerySet):
    """Jobs, by whose they are and where they stand."""

    def of(self, user: User) -> JobQuerySet:
        """The person's own jobs: nobody else sees what a file holds before it is on the registers."""
        return self.filter(by=user)

    def move(self, job: Job, *states: str, to: str, at: datetime, **facts: object) -> bool:
        """Take a job from one of the states to another, once: of two who try, one is told ``False``."""
        return bool(self.filter(pk=job.pk, state__in=states).update(state=to, heard_at=at, **facts))

    def forget_files(self, at: datetime) -> int:
        """Blank the files that nobody confirmed in time."""
        return self.filter(created_at__lt=at - FILES_KEPT, file__isnull=False).update(file=None)


class Job(models.Model):
    """Work on a file that somebody handed in. Not a record: it says what happened to a file, not what is true."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READING = "reading", "Being read"
        READY = "ready", "Ready to confirm"
        REFUSED = "refused", "Refused"
        CONFIRMED = "confirmed", "Confirmed"
        WRITING = "writing", "Being imported"
        DONE = "done", "Imported"

    UNDER_WAY = (State.WAITING, State.READING, State.CONFIRMED, State.WRITING)

    by = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    register = models.CharField(max_length=60, help_text="The name of the register that the rows are for.")
    file_name = models.CharField(max_length=200)
    file = models.BinaryField(null=True, help_text="The file as it was handed in; blanked when it is no longer needed.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveIntegerField(default=0, help_text="Rows done so far.")
    total = models.PositiveIntegerField(default=0, help_text="Rows to do.")
    result = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="When the job's process last said that it is alive.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.get_state_display().lower()}"

    def is_under_way(self, at: datetime) -> bool:
        """Whether its process is at work, or about to be."""
        return self.state in self.UNDER_WAY and not self.has_stopped(at)

    def has_stopped(self, at: datetime) -> bool:
        """Whether its process died half-way: it wrote nothing, for it writes everything at once at its very end."""
        return self.state in self.UNDER_WAY and at - self.heard_at > SILENCE

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has said yes to its rows."""
        return self.state in (self.State.CONFIRMED, self.State.WRITING, self.State.DONE)
