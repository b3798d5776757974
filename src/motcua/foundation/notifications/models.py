from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models

from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.rules.addresses import mask_address

ADDRESS_LENGTH = 254  # of an e-mail address: RFC 5321 4.5.3.1
# Where people choose how they are told; the page lies in `doors.portal`.
SETTINGS_PATH = "/messages/settings/"


class Message(models.Model):
    """One message to one recipient by one channel, and what became of it.

    The address and the words are personal and are erased in time; the rest stays as the record of what was sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"
        IN_APP = "in_app"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    purpose = models.CharField(max_length=60)
    # A person behind an account; who that is, this room does not know.
    recipient_id = models.UUIDField()
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    # A replay of what caused the message finds this key taken and sends nothing.
    source_key = models.CharField(max_length=200, unique=True)
    concerns_kind = models.CharField(max_length=40, blank=True)
    concerns_id = models.UUIDField(null=True)
    # What people call the object: the dossier's code. Not personal.
    reference = models.CharField(max_length=60, blank=True)
    # Whose object it is; "/" when no agency's.
    agency_path = models.CharField(max_length=300, default="/")
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    # Grows when an operator sends a failed message again: to the gate that is another message.
    round = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms", "in_app"]), name="message_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["queued", "sending", "sent", "delivered", "failed", "cancelled", "expired"]
                ),
                name="message_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["queued", "sending"], address="")
                & ~models.Q(channel="in_app", address__gt=""),
                name="message_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(claimed_at__isnull=False),
                name="message_sending_is_claimed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "delivered"]) | models.Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(address="", subject="", body="", link=""),
                name="message_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(agency_path__regex=r"^/(.+/)?$"), name="message_path_form"
            ),
        ]
        indexes = [
            # A person's own list, and how many are unread.
            models.Index(
                fields=["recipient_id", "-created_at", "-id"],
                name="message_in_app",
                condition=models.Q(channel="in_app", erased_at=None),
            ),
            models.Index(
                fields=["recipient_id"],
                name="message_unread",
                condition=models.Q(channel="in_app", read_at=None, erased_at=None),
            ),
            # The officers' list: of everybody, and below a path.
            models.Index(fields=["-created_at", "-id"], name="message_sent_list"),
            models.Index(
                OpClass("agency_path", name="varchar_pattern_ops"),
                models.F("created_at").desc(),
                models.F("id").desc(),
                name="message_path",
            ),
            models.Index(fields=["concerns_id", "-created_at", "-id"], name="message_concerns"),
            models.Index(
                fields=["-created_at", "-id"],
                name="message_failed",
                condition=models.Q(state="failed"),
            ),
            # What waits or was left behind by a killed worker.
            models.Index(
                fields=["not_before"],
                name="message_waiting",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                fields=["created_at", "id"],
                name="message_to_erase",
                condition=models.Q(erased_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel} {self.id}"

    @property
    def masked_address(self) -> str:
        return mask_address(self.address)

    @property
    def key(self) -> str:
        """What a relay or gate knows the message by, the same for every try: it may discard repetitions."""
        return f"{self.id}.{self.round}"


class Preference(models.Model):
    """A channel that a recipient switched on or off for a group of purposes. None: the group's default holds."""

    recipient_id = models.UUIDField()
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Message.Channel.choices)
    is_enabled = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_id", "group", "channel"], name="one_preference"),
            # What concerns a person can always be read in the portal.
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms"]), name="preference_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} by {self.channel}"


class Habits(models.Model):
    """How a recipient wants messages: language (empty: as the sender knows it) and hours without SMS, local time.

    Equal hours: no quiet hours.
    """

    recipient_id = models.UUIDField(primary_key=True)
    language = models.CharField(max_length=5, blank=True)
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()

    class Meta:
        verbose_name_plural = "habits"

    def __str__(self) -> str:
        return f"habits of {self.recipient_id}"
