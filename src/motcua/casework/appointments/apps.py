from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "motcua.casework.appointments"
    label = "casework_appointments"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.appointments import menu
        from motcua.casework.appointments.services import erase_appointments_of
        from motcua.casework.appointments.services.keeping import export_appointments, move_appointments
        from motcua.casework.appointments.services.telling import PURPOSES
        from motcua.foundation.notifications.contributions import register_purpose
        from motcua.registry.people.contributions import (
            PersonalData,
            register_mover,
            register_personal_data,
            register_reading,
        )

        menu.register()
        for purpose in PURPOSES:
            register_purpose(purpose)
        register_mover("appointments", move_appointments)
        register_reading("appointment.read", lambda facts: _("Opened your appointment"))
        register_personal_data(
            PersonalData(
                "appointments",
                _("Your appointments"),
                export_appointments,
                erase_appointments_of,
                _("Past ones may go at your wish; else they go by themselves."),
                retention="appointment.past",
            )
        )
