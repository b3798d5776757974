from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "motcua.doors.console"
    label = "doors_console"

    def ready(self) -> None:
        from motcua.doors.console import help, landing
        from motcua.doors.console.extracts import make_paper
        from motcua.doors.console.web import notices, people_found, search
        from motcua.foundation.journal.contributions import set_extract_maker

        landing.register()
        notices.register()
        search.register()
        people_found.register()
        help.register()
        set_extract_maker(make_paper)
