"""`motcua demo`: one command from an empty folder to a served, played story."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from motcua.config.environment import REPOSITORY, environment

HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 60
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the demonstration's processes listen; free ports are taken when the usual ones are not free."""

    web: int
    eid: int
    tsa: int
    sms: int

    @property
    def web_url(self) -> str:
        return f"http://{HOST}:{self.web}"

    @property
    def eid_url(self) -> str:
        return f"http://{HOST}:{self.eid}"

    @property
    def tsa_url(self) -> str:
        return f"http://{HOST}:{self.tsa}"

    @property
    def sms_url(self) -> str:
        return f"http://{HOST}:{self.sms}"

    @property
    def health(self) -> tuple[str, ...]:
        stand_ins = (self.eid_url, self.tsa_url, self.sms_url)
        return (*(f"{url}/health" for url in stand_ins), f"{self.web_url}/health/ready")


def run(arguments: Sequence[str]) -> int:
    """Set up, serve, play the story. `DEMO_ONCE=1` ends after the story with its exit status."""
    console, started = Console(highlight=False), time.monotonic()
    # From the first moment: the processes are in groups of their own and would outlive a plain end.
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    addresses = Addresses(
        web=_port("MOTCUA_PORT", 8000),
        eid=_port("MOTCUA_EID_PORT", 8101),
        tsa=_port("MOTCUA_TSA_PORT", 8102),
        sms=_port("MOTCUA_SMS_PORT", 8103),
    )
    _prepare_environment(addresses)
    console.print("[bold]motcua[/bold]  một cửa, one door\n")
    is_new = _set_up(console)
    processes = _start(addresses)
    try:
        _wait_until_ready(addresses, processes)
        _trust_time_stamps(addresses)
        console.print(f"Ready after {time.monotonic() - started:.0f} s: {addresses.web_url}\n")
        once = os.environ.get("DEMO_ONCE") == "1"
        if is_new or once:
            from motcua.config.demo.telling import play

            play(addresses.web_url, addresses.sms_url, environment.var / "demo", console)
        if once:
            return 0
        _say_where(console, addresses)
        return _serve(processes)
    finally:
        _end(processes)


def _port(variable: str, usual: int) -> int:
    if chosen := os.environ.get(variable):
        return int(chosen)
    for port in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port")


def _prepare_environment(addresses: Addresses) -> None:
    """What this process and its children read. Secrets are made on the first run only."""
    os.environ["MOTCUA_MAKE_SECRETS"] = "1"
    os.environ["MOTCUA_DEMO"] = "1"
    os.environ["MOTCUA_BASE_URL"] = addresses.web_url
    os.environ["MOTCUA_EID_ISSUER"] = addresses.eid_url
    os.environ["MOTCUA_EID_CLIENT_SECRET"] = environment.secret("eid_client_secret")
    os.environ["MOTCUA_TSA_URL"] = f"{addresses.tsa_url}/"
    os.environ["MOTCUA_SMS_URL"] = f"{addresses.sms_url}/messages"
    os.environ["MOTCUA_SMS_TOKEN"] = environment.secret("sms_token")
    os.environ["MOTCUA_SMS_REPORT_SECRET"] = environment.secret("sms_report_secret")
    # Seldom enough for a real authority; here nobody wants to wait a minute for the proof of an act.
    os.environ.setdefault("MOTCUA_JOURNAL_STAMP_EVERY_SECONDS", "2")
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings.demo"
    # Made here, before several processes would make them at once.
    for name in ("secret_key", "journal_key"):
        environment.secret(name)


def _set_up(console: Console) -> bool:
    """Database, migrations, made-up world, static files. True when the database had no dossier yet."""
    if not environment.database_url:
        from motcua.foundation.postgres import server

        _timed(console, "PostgreSQL", lambda: server.ensure_running(environment.var))
    _timed(console, "Tables", lambda: _command("migrate", "--verbosity", "0", role="owner"))
    _timed(console, "Styles and scripts", _collect_static)
    _timed(console, "Places, procedures, made-up officers, certificates", lambda: _command("world"))
    return _command("story_needed", check=False) == 0


def _timed(console: Console, words: str, work: Callable[[], object]) -> None:
    started = time.monotonic()
    work()
    console.print(f"{words} … {time.monotonic() - started:.1f} s")


def _command(*arguments: str, role: str = "app", check: bool = True) -> int:
    command = [str(BIN / "motcua"), *arguments]
    return subprocess.run(command, check=check, env=os.environ | {"MOTCUA_DATABASE_ROLE": role}).returncode  # noqa: S603


def _collect_static() -> None:
    """One at a time: demonstration and tests on the same checkout share build/."""
    with (REPOSITORY / "build" / "collected.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _command("collectstatic", "--noinput", "--verbosity", "0")


def _start(addresses: Addresses) -> list[subprocess.Popen[bytes]]:
    """The stand-ins, the web server, the worker and the follower; their output goes to var/log."""
    log = environment.var / "log"
    log.mkdir(parents=True, exist_ok=True)
    commands = _stand_ins(addresses) | {
        "web": [str(BIN / "motcua"), "serve", "--port", str(addresses.web)],
        "worker": [str(BIN / "motcua"), "worker"],
        "follow": [str(BIN / "motcua"), "follow"],
    }
    return [_spawn(command, log / f"{name}.log") for name, command in commands.items()]


def _stand_ins(addresses: Addresses) -> dict[str, list[str]]:
    secrets, state = environment.var / "secrets", environment.var / "stand-ins"
    python = [sys.executable, "-m"]
    return {
        "eid": [
            *python, "sandbox.eid", "--port", str(addresses.eid), "--issuer", addresses.eid_url,
            "--client", "motcua", "--client-secret-file", str(secrets / "eid_client_secret"),
            "--redirect-uri", f"{addresses.web_url}/accounts/oidc/eid/login/callback/",
        ],
        "tsa": [*python, "sandbox.tsa", "--port", str(addresses.tsa), "--state", str(state / "tsa")],
        "sms": [
            *python, "sandbox.sms", "--port", str(addresses.sms),
            "--token-file", str(secrets / "sms_token"), "--report-secret-file", str(secrets / "sms_report_secret"),
            "--report-url", f"{addresses.web_url}/notifications/sms-reports/",
        ],
    }  # fmt: skip


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        # In a group of their own: Ctrl-C reaches this process alone, which then ends them in order.
        return subprocess.Popen(  # noqa: S603
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=REPOSITORY,
            start_new_session=True,
        )


def _wait_until_ready(addresses: Addresses, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    for url in addresses.health:
        while True:
            for process in processes:
                if process.poll() is not None:
                    raise SystemExit(
                        f"A process ended early: {process.args!r}. See {environment.var / 'log'}."
                    )
            try:
                if httpx.get(url, timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise SystemExit(f"{url} does not answer. See {environment.var / 'log'}.")
            time.sleep(0.1)


def _trust_time_stamps(addresses: Addresses) -> None:
    """Put the stand-in authority on the trust list."""
    place = environment.var / "signatures" / "trust" / "tsa" / "demo.pem"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(httpx.get(f"{addresses.tsa_url}/authority.pem", timeout=5).content)


def _say_where(console: Console, addresses: Addresses) -> None:
    console.print("\nNow do the same by hand:")
    console.print(f"  citizens  {addresses.web_url}/")
    console.print(f"  officers  {addresses.web_url}/desk/")
    console.print(f"  anybody   {addresses.web_url}/verify/")
    console.print(f"  telephone {addresses.sms_url}/")
    console.print("Ctrl-C ends it; the data stay in var/. This demonstration holds made-up people only.")


def _serve(processes: list[subprocess.Popen[bytes]]) -> int:
    try:
        while True:
            for process in processes:
                if process.poll() is not None:
                    sys.stderr.write(f"A process ended: {process.args!r}. See {environment.var / 'log'}.\n")
                    return 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
