"""Both ends of the SMS contract together: our adapter and page, and the stand-in as the process it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest
import requests

from motcua.foundation.notifications.delivery import deliver
from motcua.foundation.notifications.tests.factories import MORNING, told


@pytest.fixture
def stand_in(settings, tmp_path, gate):
    """The stand-in; its reports reach `gate`, from where the test passes them on to our page."""
    (tmp_path / "token").write_text("secret token\n")
    (tmp_path / "secret").write_text("shared\n")
    command = [
        *(sys.executable, "-m", "sandbox.sms", "--port", "0", "--token-file", str(tmp_path / "token")),
        *("--report-secret-file", str(tmp_path / "secret"), "--report-url", gate.url),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=settings.REPOSITORY_DIR, env=environment
    )
    try:
        url = re.search(r"http://\S+", process.stdout.readline())[0]
        settings.SMS_URL, settings.SMS_TOKEN = f"{url}/messages", "secret token"
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=10)


def send(client, gate):
    """One SMS to the stand-in, and its report from there to our page."""
    message, before = told()["sms"], len(gate.bodies)
    deliver(message.id, at=MORNING)
    deadline = time.monotonic() + 15
    while len(gate.asked) == before:
        assert time.monotonic() < deadline, "no report came"
        time.sleep(0.01)
    headers, _ = gate.asked[-1]
    answer = client.post(
        "/notifications/sms-reports/",
        gate.bodies[-1],
        content_type=headers["Content-Type"],
        headers={"X-Signature": headers["X-Signature"]},
    )
    assert answer.status_code == 204
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_an_sms_goes_to_the_gate_and_its_report_comes_back(client, gate, stand_in):
    message = send(client, gate)
    assert message.state == "delivered" and message.provider_id.startswith("sms-")
    assert message.body in requests.get(stand_in, timeout=5).text
    requests.post(f"{stand_in}/faults", data={"fault": "lost"}, timeout=5)
    lost = send(client, gate)
    assert (lost.state, lost.last_error) == ("failed", "not_delivered")
