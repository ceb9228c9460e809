"""Forms that were sent: each makes its record once, however often the button was pressed."""

from django.db import models


class Submission(models.Model):
    """A form that was sent and what came of it. Not a record: it says nothing about the partnership."""

    token = models.CharField(max_length=43, unique=True, help_text="Drawn when the form was shown.")
    led_to = models.CharField(max_length=300, help_text="The address the person was sent to.")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.led_to
