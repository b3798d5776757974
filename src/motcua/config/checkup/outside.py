"""Systems that are not ours: set up, and answering within seconds."""

from __future__ import annotations

import socket
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.foundation.files import digitising
from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.channels import relay

_SECONDS = 3
_PACKAGES = {"tesseract": "tesseract-ocr tesseract-ocr-vie", "tesseract-vie": "tesseract-ocr-vie"}


def virus_scanner(at: datetime) -> Finding:
    address = str(getattr(settings, "CLAMD", ""))
    if not address:
        return warn(
            "No virus scanner is set up.", "Install clamd and set MOTCUA_CLAMD.", "apt install clamav-daemon"
        )
    try:
        with _connected(address) as line:
            line.sendall(b"zPING\0")
            answers = line.recv(64).startswith(b"PONG")
    except (OSError, ValueError):
        answers = False
    if not answers:
        return fail("The virus scanner does not answer.", "Start it.", "systemctl start clamav-daemon")
    return fine("The virus scanner answers.")


def scans(at: datetime) -> Finding:
    """Whether this machine can make scans searchable; papers are handed in and kept without."""
    lacks = digitising.missing()
    if not lacks:
        return fine("Scans can be made searchable (OCRmyPDF, Tesseract with Vietnamese).")
    packages = [_PACKAGES[name] for name in lacks if name in _PACKAGES]
    return warn(
        f"Scans cannot be made searchable: {', '.join(lacks)} is missing.",
        "Install the extra `ocr` of this program and Tesseract with Vietnamese, or do without.",
        f"apt install {' '.join(packages)}" if packages else "pip install motcua[ocr]",
    )


def time_stamps(at: datetime) -> Finding:
    url = str(get("stamps.url"))
    if not url:
        return warn(
            "No time-stamp authority is set up: signatures end with their certificates, seals prove no time.",
            "Set MOTCUA_TSA_URL to that of an accredited authority.",
        )
    if not _listens(url):
        return fail(
            "The time-stamp authority does not answer.",
            "See whether the network lets MOTCUA_TSA_URL through.",
        )
    return fine("The time-stamp authority answers.")


def mail(at: datetime) -> Finding:
    host, port = relay()
    if not host:
        return warn("No mail relay is set up: nobody is told anything by e-mail.", "Set MOTCUA_SMTP_URL.")
    if not _answers(host, port):
        return fail("The mail relay does not answer.", "See whether it runs and MOTCUA_SMTP_URL is right.")
    return fine("The mail relay answers.")


def sms(at: datetime) -> Finding:
    url = str(get("sms.url"))
    if not url:
        return warn("No SMS gate is set up: nobody is told anything by SMS.", "Set MOTCUA_SMS_URL.")
    if not _listens(url):
        return fail("The SMS gate does not answer.", "See whether the network lets MOTCUA_SMS_URL through.")
    return fine("The SMS gate answers.")


def _listens(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return False
    return _answers(parts.hostname or "", port)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True
    except OSError:
        return False


def _connected(address: str) -> socket.socket:
    """address: `unix:/path/to/socket` or `host:port`."""
    kind, _, rest = address.partition(":")
    if kind != "unix":
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_SECONDS)
    try:
        line.connect(rest)
    except OSError:
        line.close()
        raise
    return line
