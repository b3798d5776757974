from django.urls import path

from motcua.oversight.indicators.web import essential

app_name = "essential"
urlpatterns = [
    path("essential-services/", essential.public, name="board"),
    path("essential-services/table.csv", essential.public_csv, name="board-csv"),
    path("desk/essential-services/", essential.desk, name="desk-board"),
    path("desk/essential-services/table.csv", essential.desk_csv, name="desk-board-csv"),
]
