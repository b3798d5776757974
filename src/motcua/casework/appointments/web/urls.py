from django.urls import path

from motcua.casework.appointments.web import board, booking, kiosk, portal

app_name = "queue"
urlpatterns = [
    path("queue/", portal.queues, name="list"),
    path("queue/<uuid:queue_id>/", portal.queue, name="queue"),
    path("queue/<uuid:queue_id>/book/", booking.book, name="book"),
    path("appointments/", booking.appointments, name="appointments"),
    path("appointments/<uuid:appointment_id>/", booking.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/calendar.ics", booking.calendar, name="calendar"),
    path("appointments/<uuid:appointment_id>/move/", booking.move, name="move"),
    path("appointments/<uuid:appointment_id>/cancel/", booking.cancel, name="cancel"),
    path("ticket/<str:code>/", board.ticket, name="ticket"),
    path("ticket/<str:code>/now/", board.ticket_now, name="ticket-now"),
    path("ticket/<str:code>/leave/", board.leave, name="ticket-leave"),
    path("board/<str:code>/", board.board, name="board"),
    path("board/<str:code>/now/", board.board_now, name="board-now"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/open/", kiosk.open_kiosk, name="kiosk-open"),
    path("kiosk/again/", kiosk.again, name="kiosk-again"),
    path("kiosk/check-in/", kiosk.check_in, name="kiosk-check-in"),
    path("kiosk/done/", kiosk.done, name="kiosk-done"),
    path("kiosk/take/<uuid:group_id>/", kiosk.take, name="kiosk-take"),
    path("kiosk/ticket/<uuid:ticket_id>/", kiosk.ticket, name="kiosk-ticket"),
]
