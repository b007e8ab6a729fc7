"""Sketches of the texts of cases, by which cases about nearly the same text are found without reading them all."""

from django.db import models

from moderation.models.cases import Case


class CaseSketch(models.Model):
    """What near copies of a case's text are known by; none for a text too short to be compared. It can be made anew at any time."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="sketch")
    # As `scanning.near_duplicates` makes it.
    sketch = models.BinaryField(max_length=128)

    def __str__(self) -> str:
        return f"sketch of case {self.case_id}"


class CaseBand(models.Model):
    """A band of a sketch: near copies share one with the text at least.

    Rows of their own and no array: for arrays that overlap PostgreSQL guesses far too many, and reads them all.
    """

    id = models.BigAutoField(primary_key=True)
    sketch = models.ForeignKey(CaseSketch, models.CASCADE, related_name="bands")
    band = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["band", "-sketch"], name="moderation_caseband_newest")]

    def __str__(self) -> str:
        return f"band of {self.sketch}"
