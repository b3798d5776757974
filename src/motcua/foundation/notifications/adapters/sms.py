"""SMS over a gate that speaks JSON over HTTP. The contract stands in docs/api.md; `sandbox.sms` speaks it too."""

from __future__ import annotations

import json
from typing import Any, Protocol

from motcua.foundation.kernel.fetching import AnswerTooLong, Limits, exchange
from motcua.foundation.notifications.channels import sms_address
from motcua.foundation.notifications.errors import SendingFailed
from motcua.foundation.notifications.models import Message

ANSWER_SECONDS = 15
ANSWER_BYTES = 64 * 1024


class SmsGate(Protocol):
    def send(self, number: str, text: str, key: str) -> str:
        """Hand over one SMS. number: E.164. text: one GSM-7 segment. key: the same for every try of one message.

        Gives the gate's own id. Raises SendingFailed.
        """


class JsonSmsGate:
    """The generic gate: POST {"to", "text", "key"} with a bearer token and the key as Idempotency-Key."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    def send(self, number: str, text: str, key: str) -> str:
        status, answer = self._post({"to": number, "text": text, "key": key})
        if status in {401, 403}:
            raise SendingFailed("gate_refuses_us", permanent=False)
        if status in {400, 422}:
            code = answer.get("code") if answer else None
            raise SendingFailed(
                "bad_number" if code == "bad_number" else "gate_refused", permanent=bool(answer)
            )
        if status not in {200, 201, 202}:
            raise SendingFailed("gate_unavailable", permanent=False)
        if not answer or not isinstance(answer.get("id"), str) or not answer["id"]:
            raise SendingFailed("bad_answer", permanent=False)
        return str(answer["id"])

    def _post(self, content: dict[str, str]) -> tuple[int, dict[str, Any] | None]:
        """Status and the JSON object of the answer, None when it is none. Follows no redirection with the token."""
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": content["key"]}
        limits = Limits(ANSWER_SECONDS, ANSWER_BYTES)
        try:
            answer = exchange("POST", self._url, limits=limits, headers=headers, json=content)
        except AnswerTooLong as error:
            raise SendingFailed("bad_answer", permanent=False) from error
        except OSError as error:
            raise SendingFailed("gate_unreachable", permanent=False) from error
        return answer.status, _object(answer.content)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def send_sms(message: Message) -> str:
    """Hand a message to the gate of this installation. Gives the gate's id. Raises SendingFailed."""
    address = sms_address()
    gate: SmsGate = JsonSmsGate(address.url, address.token)
    return gate.send(message.address, message.body, message.key)
