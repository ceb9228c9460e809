"""Which joint posts count where already, so that none counts twice."""

from __future__ import annotations

from joint_posts.models import JointPost, Saving, SavingLine, SavingPost
from partnership.models import Council

Place = tuple[int, str]  # a council and a financial year


class Counted:
    """Looks up where posts are counted. Kept while many lines are made ready, it reads once a saving.

    What a kept one has read does not change; `note` adds the lines made ready since.
    """

    def __init__(self) -> None:
        self._posts: dict[int, set[int]] = {}
        self._rivals: dict[int, dict[Place, SavingPost]] = {}
        self._noted: dict[tuple[int, str, Place], Saving] = {}

    def elsewhere(self, saving: Saving, council: Council, year: str) -> tuple[JointPost, Saving] | None:
        """A post behind the saving that counts in another one for the council, year and benefit type, and that one."""
        if saving.pk not in self._rivals:
            self._posts[saving.pk] = set(saving.posts.standing().values_list("post", flat=True))
            self._rivals[saving.pk] = self._read_rivals(saving) if self._posts[saving.pk] else {}
        stored = self._rivals[saving.pk].get((council.pk, year))
        return (stored.post, stored.saving) if stored else self._noted_elsewhere(saving, (council.pk, year))

    def note(self, saving: Saving, council: Council, year: str) -> None:
        """Remember a line that is ready and will be written with the next ones."""
        for post in self._posts.get(saving.pk, ()):
            self._noted.setdefault((post, saving.benefit_type, (council.pk, year)), saving)

    def _read_rivals(self, saving: Saving) -> dict[Place, SavingPost]:
        others = Saving.objects.standing().filter(benefit_type=saving.benefit_type).exclude(pk=saving.pk)
        links = SavingPost.objects.standing().filter(post__in=self._posts[saving.pk], saving__in=others)
        by_saving = {link.saving_id: link for link in links.select_related("post", "saving").order_by("-pk")}
        lines = SavingLine.objects.standing().filter(saving__in=by_saving).exclude(financial_year="").order_by("-pk")
        return {
            (council, year): by_saving[other]
            for other, council, year in lines.values_list("saving", "council", "financial_year")
        }

    def _noted_elsewhere(self, saving: Saving, place: Place) -> tuple[JointPost, Saving] | None:
        for post in self._posts[saving.pk]:
            other = self._noted.get((post, saving.benefit_type, place))
            if other is not None and other.pk != saving.pk:
                return JointPost.objects.get(pk=post), other
        return None
