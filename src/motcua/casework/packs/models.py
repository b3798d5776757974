from __future__ import annotations

from django.db import models


class PackProcedure(models.Model):
    """Which pack brought a procedure: no two packs may bring the same, and what is missing later is noticed."""

    code = models.CharField(max_length=8, primary_key=True)
    # The pack's name: that of its folder.
    pack = models.CharField(max_length=60)
    # Where its own files lie in the pack ("procedures/1.001193"); "" where it has none.
    folder = models.CharField(max_length=120, blank=True)
    # Of the version those files gave; another one in force was not made of them.
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.code} of {self.pack}"


class PackFile(models.Model):
    """A file of a pack as it was last loaded, word for word, so that an export gives the author's own text."""

    pack = models.CharField(max_length=60)
    path = models.CharField(max_length=250)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "path"], name="pack_file")]

    def __str__(self) -> str:
        return f"{self.pack}/{self.path}"
