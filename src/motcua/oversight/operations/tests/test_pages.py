"""The wall and the working page: whose figures, what is shown, replay, and the stream."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, handed_over
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.tests.factories import finished
from motcua.oversight.operations import replay, watching
from motcua.oversight.operations.rules.tiles import short
from motcua.oversight.operations.web import live
from motcua.registry.access.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("evaluation")]
NOON = MORNING + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _now():
    watching.forget()
    replay.forget()
    with time_machine.travel(NOON, tick=False):
        yield
    watching.forget()


@pytest.fixture
def moved(world):
    """One is under way and due at 17:00, one is finished; both came today."""
    handed_over(world.desk, world.mother)
    finished(world)
    follow_once()


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestPages:
    @pytest.mark.parametrize("page", ["operations:wall", "operations:desk"])
    def test_a_leader_sees_what_happens_now(self, world, moved, browse, page):
        shown = text(browse(world.desk.leader).get(reverse(page)))
        assert "1 dossiers under way" in shown or "dossiers under way 1" in shown
        assert "no usual day yet: 0 of 8 like days known" in shown
        assert "Parts of the system" in shown and "nobody waits" in shown

    def test_on_a_day_off_nothing_is_usual(self, world, browse):
        with time_machine.travel(NOON + timedelta(days=4), tick=False):
            values = browse(world.desk.leader).get(reverse("operations:now")).json()
        assert (values["usual"], values["stands"]) == ("a day off: nothing is usual", "")

    def test_late_after_the_hour(self, world, moved, browse):
        with time_machine.travel(MORNING.replace(hour=17, minute=30), tick=False):
            values = browse(world.desk.leader).get(reverse("operations:now")).json()
        assert (values["late"], values["late_rate"], values["due_today"]) == ("1", "100.0\u00a0%", "0")

    @pytest.mark.parametrize(
        "hour, stocks", [(12, {"open", "still_due", "ready"}), (18, {"open", "late_by_now", "ready"})]
    )
    def test_each_number_leads_to_as_many_dossiers(self, world, moved, browse, hour, stocks):
        with time_machine.travel(MORNING.replace(hour=hour), tick=False):
            leader = browse(world.desk.leader)
            page = leader.get(reverse("operations:desk")).content.decode()
            links = re.findall(r'href="([^"]+stock=(\w+))">(\d+)', page)
            assert {stock for _url, stock, _number in links} == stocks
            for url, _stock, number in links:
                assert f"{number} dossier" in text(leader.get(url.replace("&amp;", "&")))

    def test_who_does_not_lead_gets_no_way_to_dossiers(self, world, moved, browse):
        shown = browse(world.operator).get(reverse("operations:desk")).content.decode()
        assert "dossiers under way" in shown and "stock=" not in shown

    def test_hours_to_come_have_no_number(self, world, moved, browse):
        shown = text(browse(world.desk.leader).get(reverse("operations:desk")))
        assert "13:00 2 –" in shown and "14:00 – –" in shown

    def test_an_operator_sees_tiles_of_all(self, world, moved, browse):
        shown = text(browse(world.operator).get(reverse("operations:wall")))
        for desk in (world.desk, world.other_desk):
            assert short(desk.agency.place_name) in shown

    def test_of_another_agency_nothing_is_told(self, world, moved, browse):
        asked = {"agency": world.desk.agency.path}
        for page in ("wall", "desk", "now", "stream", "arrivals", "agencies"):
            assert (
                browse(world.other_desk.leader).get(reverse(f"operations:{page}"), asked).status_code == 404
            )
            assert browse(world.desk.specialist).get(reverse(f"operations:{page}"), asked).status_code == 403
            assert browse(world.mother).get(reverse(f"operations:{page}"), asked).status_code == 403
            assert browse().get(reverse(f"operations:{page}"), asked).status_code == 302

    @pytest.mark.parametrize(
        "asked",
        [
            {"day": "x"},
            {"day": "2026-03-11"},
            {"day": "2030-01-01"},
            {"day": "2026-03-09", "at": "25:99"},
            {"day": "0001-01-01"},
            {"day": "9999-12-31"},
            {"day": "2026-03-09", "at": "25:00"},
        ],
    )
    def test_no_such_moment(self, world, browse, asked):
        leader = browse(world.desk.leader)
        for page in ("wall", "desk"):
            answer = leader.get(reverse(f"operations:{page}"), asked)
            assert answer.status_code == 422
            [[message]] = answer.context["form"].errors.values()
            assert message in answer.content.decode() and world.desk.agency.name in answer.content.decode()
        # What comes from links only.
        for page in ("now", "stream", "arrivals", "agencies"):
            assert leader.get(reverse(f"operations:{page}"), asked).status_code == 404
        elsewhere = asked | {"agency": world.other_desk.agency.path}
        assert leader.get(reverse("operations:desk"), elsewhere).status_code == 404

    def test_no_day_after_today_can_be_chosen(self, world, browse):
        shown = browse(world.desk.leader).get(reverse("operations:desk")).content.decode()
        assert re.search(rf'<input[^>]+name="day"[^>]+max="{NOON:%Y-%m-%d}"', shown)
        assert 'name="at"' not in shown

    @pytest.mark.parametrize("hour, first, last", [(9, 24, 80), (22, 24, 92), (4, 16, 80)])
    def test_the_chart_has_the_hours_in_which_something_came(self, world, browse, hour, first, last):
        with time_machine.travel(MORNING.replace(hour=hour, minute=20), tick=False):
            handed_over(world.desk, world.mother, at=MORNING.replace(hour=hour, minute=20))
            follow_once()
            page = browse(world.desk.leader).get(reverse("operations:wall"))
        chart = page.context["values"]["chart"]
        assert (chart["first"], chart["last"], sum(chart["slots"])) == (first, last, 1)

    def test_csv(self, world, moved, browse):
        rows = browse(world.desk.leader).get(reverse("operations:arrivals")).content.decode().splitlines()
        assert rows[0].startswith("\ufeffuntil,arrived") and rows[37] == "09:15,2,2,,"
        rows = browse(world.operator).get(reverse("operations:agencies")).content.decode().splitlines()
        assert [it.split(",")[3:] for it in rows if it.startswith(world.desk.agency.code)] == [
            ["1", "0", "1", "0", "0", "1"]
        ]


class TestReplay:
    asked = {"day": f"{MORNING:%Y-%m-%d}"}

    def test_by_quarters_of_an_hour(self, world, moved, browse):
        with time_machine.travel(NOON + timedelta(days=1), tick=False):
            at_desk = browse(world.desk.leader)
            values = [
                at_desk.get(reverse("operations:now"), {**self.asked, "at": at}).json()
                for at in ("09:00", "09:15", "10:15", "24:00")
            ]
            page = at_desk.get(reverse("operations:wall"), {**self.asked, "at": "09:15"})
        assert [(it["came"], it["open"], it["ready"], it["late"]) for it in values] == [
            ("0", "0", "0", "0"), ("2", "2", "0", "0"), ("2", "1", "1", "0"), ("2", "1", "1", "1"),
        ]  # fmt: skip
        assert "at=09%3A00" in page.content.decode() and "at=09%3A30" in page.content.decode()
        assert "Parts of the system" not in text(page)

    def test_today_is_live(self, world, browse):
        assert (
            "data-stream"
            in browse(world.desk.leader).get(reverse("operations:wall"), self.asked).content.decode()
        )


@pytest.fixture
def _at_once():
    # The end of a response would close the test's own connection.
    ends = mock.patch("django.http.response.signals.request_finished.send")
    with ends, mock.patch.object(live.time, "sleep"), mock.patch.object(watching, "YOUNG", 0.0):
        yield


@pytest.mark.usefixtures("_at_once")
class TestStream:
    def test_all_at_first_then_only_what_changed(self, world, browse):
        response = browse(world.desk.leader).get(reverse("operations:stream"))
        assert response["Content-Type"].startswith("text/event-stream")
        assert response["Content-Encoding"] == "identity"
        stream = iter(response.streaming_content)
        assert next(stream).startswith(b"retry: ")
        first = json.loads(next(stream).decode().partition("data: ")[2])
        assert (first["came"], first["open"]) == ("0", "0")
        handed_over(world.desk, world.mother)
        follow_once()
        changed = json.loads(next(stream).decode().partition("data: ")[2])
        assert (changed["came"], changed["open"], changed["due_today"]) == ("1", "1", "1")
        assert "late" not in changed and "ready" not in changed
        response.close()

    def test_so_many_and_no_more_and_each_gives_its_place_back(self, world, browse):
        at_desk = browse(world.desk.leader)
        held = [at_desk.get(reverse("operations:stream")) for _ in range(watching.MOST_STREAMS)]
        assert at_desk.get(reverse("operations:stream")).status_code == 204
        # One that never began, too.
        held.pop().close()
        again = at_desk.get(reverse("operations:stream"))
        assert again.status_code == 200
        for it in (*held, again):
            it.close()

    def test_it_ends_after_its_time(self, world, browse):
        with mock.patch.object(live, "LASTS", 0.2):
            response = browse(world.desk.leader).get(reverse("operations:stream"))
            assert len(list(response.streaming_content)) >= 2
        assert watching.streams.acquire(blocking=False)
        watching.streams.release()

    @pytest.mark.parametrize("lost", ["session", "account", "right"])
    def test_it_ends_with_the_session_the_account_or_the_right(self, world, browse, lost):
        client = browse(world.desk.leader)
        with mock.patch.object(live, "CHECK", 0.0):
            response = client.get(reverse("operations:stream"))
            stream = iter(response.streaming_content)
            assert [next(stream)[:5], next(stream)[:5]] == [b"retry", b"data:"]
            account = Account.objects.get(pk=world.desk.leader.account_id)
            if lost == "session":
                client.session.flush()
            elif lost == "account":
                Account.objects.filter(pk=account.pk).update(is_active=False)
            else:
                account.grants.all().delete()
            assert [it for it in stream if b"beat" not in it] == [b"event: over\ndata: {}\n\n"]
