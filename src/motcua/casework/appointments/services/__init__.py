"""Acts on tickets, counters and appointments: one transaction and one entry of the journal each."""

from .booking import Guest, Wanted, book, book_for, cancel, check_in, mark_missed, move
from .calling import call_again, call_next, finish, miss, send_on, start
from .counters import close_counter, open_counter, pause_counter, resume_counter
from .keeping import erase_appointments_of, erase_past, leave_yesterdays, send_reminders
from .setting_up import (
    CounterValues,
    GroupValues,
    new_kiosk_code,
    save_counter,
    save_group,
    set_printer,
    set_up_queue,
)
from .tickets import Taking, give_up, take_ticket

__all__ = [
    "CounterValues",
    "GroupValues",
    "Guest",
    "Taking",
    "Wanted",
    "book",
    "book_for",
    "call_again",
    "call_next",
    "cancel",
    "check_in",
    "close_counter",
    "erase_appointments_of",
    "erase_past",
    "finish",
    "give_up",
    "leave_yesterdays",
    "mark_missed",
    "miss",
    "move",
    "new_kiosk_code",
    "open_counter",
    "pause_counter",
    "resume_counter",
    "save_counter",
    "save_group",
    "send_on",
    "send_reminders",
    "set_printer",
    "set_up_queue",
    "start",
    "take_ticket",
]
