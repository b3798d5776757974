"""Reading queues, tickets and appointments."""

from .boards import Board, board_of, board_revision, get_board
from .booked import (
    day_slots,
    find_day_with_room,
    get_desk_appointment,
    get_own_appointment,
    list_days,
    list_desk_appointments,
    list_own_appointments,
    open_appointment,
)
from .queues import (
    find_own_queue,
    find_ticket,
    get_kiosk_queue,
    get_queue,
    kiosk_of_code,
    list_callable_queues,
    list_queues,
    my_counter,
    recent_numbers,
)
from .waiting import Line, busy_hours, list_lines, list_waiting, standing_of, waits_of

__all__ = [
    "Board",
    "Line",
    "board_of",
    "board_revision",
    "busy_hours",
    "day_slots",
    "find_day_with_room",
    "find_own_queue",
    "find_ticket",
    "get_board",
    "get_desk_appointment",
    "get_kiosk_queue",
    "get_own_appointment",
    "get_queue",
    "kiosk_of_code",
    "list_callable_queues",
    "list_days",
    "list_desk_appointments",
    "list_lines",
    "list_own_appointments",
    "list_queues",
    "list_waiting",
    "my_counter",
    "open_appointment",
    "recent_numbers",
    "standing_of",
    "waits_of",
]
