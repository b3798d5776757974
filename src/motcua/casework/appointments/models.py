from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from motcua.foundation.kernel.ids import new_id


def in_language(names: dict[str, str]) -> str:
    """In the active language, else in Vietnamese."""
    return names.get((get_language() or "vi").split("-")[0]) or names.get("vi", "")


class Queue(models.Model):
    """The line of people at one agency. Its row is the lock of whatever changes who waits and who is called."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300, unique=True)
    # Digest of the code with which a kiosk is opened; empty: there is no kiosk.
    kiosk_digest = models.CharField(max_length=64, blank=True)
    # In the address of the call board, which shows nothing personal.
    board_code = models.CharField(max_length=20, unique=True)
    # The kiosk does not offer to print.
    is_printer_away = models.BooleanField(default=False)
    # Grows with every act; boards, phones and counters ask for it and get nothing while it is the same.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(agency_path__regex=r"^/.+/$"), name="queue_path_form")
        ]

    def __str__(self) -> str:
        return f"queue of {self.agency_path}"


class ServiceGroup(models.Model):
    """What people come for, as the kiosk asks: one series of numbers, and whether appointments are given.

    names: by language. minutes: length of a slot; places: how many come in one, 0: no appointments.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="groups")
    series = models.CharField(max_length=1)
    names = models.JSONField()
    minutes = models.PositiveSmallIntegerField(default=20)
    places = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    # How often others were called before its ordinary tickets since one of these was called (rules.calling).
    passed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "series"], name="one_group_per_series"),
            models.CheckConstraint(condition=models.Q(series__regex=r"^[A-Z]$"), name="group_series_form"),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 120), places__range=(0, 50)),
                name="group_slots_sensible",
            ),
            models.CheckConstraint(condition=models.Q(names__has_key="vi"), name="group_has_vietnamese_name"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.names.get('vi', '')}"

    @property
    def name(self) -> str:
        return in_language(self.names)


class Counter(models.Model):
    """A numbered place where people are called to. `groups`: series it serves; empty: all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="counters")
    number = models.PositiveSmallIntegerField()
    groups = ArrayField(models.CharField(max_length=1), default=list, blank=True)
    officer_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "number"], name="one_counter_per_number"),
            models.UniqueConstraint(
                fields=["officer_id"],
                condition=models.Q(officer_id__isnull=False),
                name="officer_at_one_counter",
            ),
            models.CheckConstraint(condition=models.Q(number__range=(1, 99)), name="counter_number_range"),
            models.CheckConstraint(
                condition=models.Q(officer_id=None, opened_at=None, paused_at=None)
                | models.Q(officer_id__isnull=False, opened_at__isnull=False),
                name="open_counter_has_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"counter {self.number}"

    @property
    def is_open(self) -> bool:
        return self.officer_id is not None

    def serves(self, series: str) -> bool:
        """Whether tickets of this group are called here."""
        return not self.groups or series in self.groups


class Ticket(models.Model):
    """A place in the line. Holds nobody's name."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        SERVING = "serving"
        SERVED = "served"
        MISSED = "missed"
        # Given up by its holder, or nobody called it on its day.
        LEFT = "left"

    AT_COUNTER = (State.CALLED, State.SERVING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    # As printed, whatever group it was sent on to.
    series = models.CharField(max_length=1)
    number = models.PositiveIntegerField()
    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="+")
    # Opens the ticket's page on the holder's own phone.
    code = models.CharField(max_length=20, unique=True)
    # A ground of queue_priority.yaml; empty: none was claimed.
    ground = models.CharField(max_length=20, blank=True)
    appointment = models.OneToOneField(
        "Appointment", null=True, on_delete=models.SET_NULL, related_name="ticket"
    )
    # When the appointment's holder is expected: kept here, as the appointment's row is erased on its own terms.
    expected_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="tickets")
    # Sent on to one counter only.
    only_counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+")
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    serving_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "day", "series", "number"], name="one_ticket_per_number"
            ),
            # Two counters never have one ticket, as it has one counter; and a counter has one ticket.
            models.UniqueConstraint(
                fields=["counter"],
                condition=models.Q(state__in=["called", "serving"]),
                name="one_ticket_at_a_counter",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None, counter=None)
                | models.Q(state="called", ended_at=None, counter__isnull=False, called_at__isnull=False)
                | models.Q(state="serving", ended_at=None, counter__isnull=False, serving_from__isnull=False)
                | models.Q(state__in=["served", "missed", "left"], ended_at__isnull=False),
                name="ticket_state_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "taken_at"], condition=models.Q(state="waiting"), name="ticket_waiting"
            ),
            models.Index(
                fields=["queue", "-called_at"],
                condition=models.Q(called_at__isnull=False),
                name="ticket_called",
            ),
            models.Index(fields=["day"], name="ticket_day"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As printed: "A012"."""
        return f"{self.series}{self.number:03d}"


class Measure(models.Model):
    """How long one waited and was served; about no ticket, so it may stay when those are gone."""

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="measures")
    day = models.DateField()
    # Local hour in which the ticket was taken.
    hour = models.PositiveSmallIntegerField()
    waited_seconds = models.PositiveIntegerField()
    served_seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["group", "day"], name="measure_group_day")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.day}: {self.served_seconds} s"


class Appointment(models.Model):
    """A time at which somebody comes. Whose: `person_id`, or for who has no account a name and a telephone."""

    class State(models.TextChoices):
        BOOKED = "booked"
        CANCELLED = "cancelled"
        ARRIVED = "arrived"
        MISSED = "missed"

    HOLDING = (State.BOOKED, State.ARRIVED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="appointments")
    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    # 1 to the group's places: who has which place of the slot.
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    code = models.CharField(max_length=20, unique=True)
    person_id = models.UUIDField(null=True)
    # Where people without account are called and told; erased by retention.
    name = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    # The officer who booked it for somebody.
    booked_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    # RFC 5545, section 3.8.7.4: grows with every change; a form that shows an older one is told so.
    sequence = models.PositiveSmallIntegerField(default=0)
    # How many of the two reminders were sent.
    reminded = models.PositiveSmallIntegerField(default=0)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "starts_at", "place"],
                condition=models.Q(state__in=["booked", "arrived"]),
                name="one_appointment_per_place",
            ),
            models.UniqueConstraint(
                fields=["person_id", "starts_at"],
                condition=models.Q(state="booked", person_id__isnull=False),
                name="person_at_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(person_id__isnull=False)
                | ~models.Q(name="")
                | models.Q(erased_at__isnull=False),
                name="appointment_is_somebodys",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "starts_at"], name="appointment_queue"),
            models.Index(fields=["starts_at"], condition=models.Q(state="booked"), name="appointment_booked"),
            models.Index(fields=["person_id", "-starts_at"], name="appointment_person"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def recipient_id(self) -> UUID:
        """Under what id messages about it are kept."""
        return self.person_id or self.id
