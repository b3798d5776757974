"""Reads the environment, once and with types. Nothing else in motcua looks at os.environ."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

_SECRET_NAME = re.compile(
    r"MOTCUA_(?!BACKUP_|MAKE_).*(KEY|SECRET|PASSPHRASE|PASSWORD|TOKEN|PIN|DATABASE_URL)"
)


class MissingSetting(RuntimeError):
    """A setting without which motcua must not start."""


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _path(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value).absolute() if value else None


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def _level(name: str) -> str:
    value = os.environ.get(name, "")
    if value not in {"", "B-B", "B-T", "B-LT", "B-LTA"}:
        raise MissingSetting(f"{name} is B-B, B-T, B-LT or B-LTA.")
    return value


def _second_factor() -> str:
    value = os.environ.get("MOTCUA_SECOND_FACTOR", "")
    if value not in {"", "required", "optional"}:
        raise MissingSetting("MOTCUA_SECOND_FACTOR is required or optional.")
    return value


@dataclass(frozen=True)
class Environment:
    """Settings from `MOTCUA_*` variables; see docs/operations.md for the list."""

    var: Path = field(
        default_factory=lambda: Path(os.environ.get("MOTCUA_VAR", REPOSITORY / "var")).absolute()
    )
    demo: bool = field(default_factory=lambda: _flag("MOTCUA_DEMO"))
    database_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_DATABASE_URL", ""))
    owner_database_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_OWNER_DATABASE_URL", ""))
    database_role: str = field(default_factory=lambda: os.environ.get("MOTCUA_DATABASE_ROLE", "app"))
    base_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_BASE_URL", ""))
    # Told by `motcua serve` to its own workers: the address that was entered on a page.
    served_at: str = field(default_factory=lambda: os.environ.get("MOTCUA_SERVED_AT", ""))
    proxies: int = field(default_factory=lambda: int(os.environ.get("MOTCUA_PROXIES", "0")))
    hosts: list[str] = field(default_factory=lambda: _list("MOTCUA_HOSTS", "127.0.0.1,localhost,[::1]"))
    eid_issuer: str = field(default_factory=lambda: os.environ.get("MOTCUA_EID_ISSUER", ""))
    eid_client_id: str = field(default_factory=lambda: os.environ.get("MOTCUA_EID_CLIENT_ID", "motcua"))
    eid_client_secret: str = field(default_factory=lambda: os.environ.get("MOTCUA_EID_CLIENT_SECRET", ""))
    # A second identity provider, which people link to their account: the national portal's own sign-in.
    sso_issuer: str = field(default_factory=lambda: os.environ.get("MOTCUA_SSO_ISSUER", ""))
    sso_client_id: str = field(default_factory=lambda: os.environ.get("MOTCUA_SSO_CLIENT_ID", "motcua"))
    sso_client_secret: str = field(default_factory=lambda: os.environ.get("MOTCUA_SSO_CLIENT_SECRET", ""))
    sso_name: str = field(
        default_factory=lambda: os.environ.get("MOTCUA_SSO_NAME", "Cổng Dịch vụ công quốc gia")
    )
    place_name: str = field(default_factory=lambda: os.environ.get("MOTCUA_PLACE_NAME", ""))
    signatures_passphrase: str = field(
        default_factory=lambda: os.environ.get("MOTCUA_SIGNATURES_PASSPHRASE", "")
    )
    files_store: str = field(default_factory=lambda: os.environ.get("MOTCUA_FILES_STORE", ""))
    s3_access_key: str = field(default_factory=lambda: os.environ.get("MOTCUA_S3_ACCESS_KEY", ""))
    s3_secret_key: str = field(default_factory=lambda: os.environ.get("MOTCUA_S3_SECRET_KEY", ""))
    max_pdf_mb: int = field(default_factory=lambda: int(os.environ.get("MOTCUA_MAX_PDF_MB", "10")))
    max_picture_mb: int = field(default_factory=lambda: int(os.environ.get("MOTCUA_MAX_PICTURE_MB", "10")))
    ocr_at_once: int = field(default_factory=lambda: max(1, int(os.environ.get("MOTCUA_OCR_AT_ONCE", "1"))))
    clamd: str = field(default_factory=lambda: os.environ.get("MOTCUA_CLAMD", ""))
    clamd_down: str = field(default_factory=lambda: os.environ.get("MOTCUA_CLAMD_DOWN", "refuse"))
    tsa_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_TSA_URL", ""))
    tsa_user: str = field(default_factory=lambda: os.environ.get("MOTCUA_TSA_USER", ""))
    tsa_password: str = field(default_factory=lambda: os.environ.get("MOTCUA_TSA_PASSWORD", ""))
    signature_level: str = field(default_factory=lambda: _level("MOTCUA_SIGNATURE_LEVEL"))
    signature_renewal_days: int = field(
        default_factory=lambda: int(os.environ.get("MOTCUA_SIGNATURE_RENEWAL_DAYS", "365"))
    )
    language: str = field(default_factory=lambda: os.environ.get("MOTCUA_LANGUAGE", "vi"))
    journal_heads_file: Path | None = field(default_factory=lambda: _path("MOTCUA_JOURNAL_HEADS_FILE"))
    journal_stamp_every_seconds: int = field(
        default_factory=lambda: int(os.environ.get("MOTCUA_JOURNAL_STAMP_EVERY_SECONDS", "60"))
    )
    metrics_token: str = field(default_factory=lambda: os.environ.get("MOTCUA_METRICS_TOKEN", ""))
    backup_passphrase: str = field(default_factory=lambda: os.environ.get("MOTCUA_BACKUP_PASSPHRASE", ""))

    def given_secrets(self) -> tuple[str, ...]:
        """Names of variables that hold secrets of this installation, which no file below `var` holds then."""
        return tuple(
            sorted(name for name, value in os.environ.items() if value and _SECRET_NAME.fullmatch(name))
        )

    def given(self) -> frozenset[str]:
        """Names of all variables that are set: what they decide is not decided on pages."""
        return frozenset(name for name, value in os.environ.items() if value and name.startswith("MOTCUA_"))

    smtp_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_SMTP_URL", ""))
    sms_url: str = field(default_factory=lambda: os.environ.get("MOTCUA_SMS_URL", ""))
    sms_token: str = field(default_factory=lambda: os.environ.get("MOTCUA_SMS_TOKEN", ""))
    sms_report_secret: str = field(default_factory=lambda: os.environ.get("MOTCUA_SMS_REPORT_SECRET", ""))

    # Which signing key extracts from the journal are signed with: the seal of whoever keeps the records.
    extract_key: str = field(default_factory=lambda: os.environ.get("MOTCUA_EXTRACT_KEY", "records"))

    second_factor: str = field(default_factory=_second_factor)
    officer_idle_minutes: int = field(
        default_factory=lambda: int(os.environ.get("MOTCUA_OFFICER_IDLE_MINUTES", "30"))
    )
    officer_session_hours: int = field(
        default_factory=lambda: int(os.environ.get("MOTCUA_OFFICER_SESSION_HOURS", "10"))
    )

    api_calls_per_minute: int = field(
        default_factory=lambda: int(os.environ.get("MOTCUA_API_CALLS_PER_MINUTE", "600"))
    )

    def secret(self, name: str) -> str:
        """A secret of this installation: from the environment, else from `var/secrets`, where it is made once.

        Made only by `motcua demo` and `motcua setup`, so that a server started on an empty folder stops here.
        """
        if value := os.environ.get(f"MOTCUA_{name.upper()}"):
            return value
        path = self.var / "secrets" / name
        if path.exists():
            return path.read_text().strip()
        if not _flag("MOTCUA_MAKE_SECRETS"):
            raise MissingSetting(
                f"MOTCUA_{name.upper()} is not set and {path} does not exist. "
                "Run `motcua demo`, or set the variable."
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        value = secrets.token_urlsafe(48)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(value)
        return value


environment = Environment()
