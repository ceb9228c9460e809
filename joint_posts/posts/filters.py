"""Filters of joint posts."""

from typing import ClassVar

from joint_posts.models import JointPost
from partnership.generic.filters import RegisterFilter


class JointPostFilter(RegisterFilter):
    """Filters joint posts."""

    search = ("title", "steps__title", "purpose", "areas_led")

    class Meta(RegisterFilter.Meta):
        model = JointPost
        fields: ClassVar[list[str]] = ["partnership", "status", "appointment", "home_council", "tier"]
