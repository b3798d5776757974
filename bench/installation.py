"""An installation of its own for the benchmark: folder, database, web server, worker, follower, eID stand-in."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
_READY_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Installation:
    """Made anew in `var` when entered, ended and removed when left; kept, it goes on from what is there."""

    def __init__(self, var: Path, *, keep: bool = False) -> None:
        self.var, self.keep = var, keep
        self.web_url, self.eid_url = (f"http://{HOST}:{free_port()}" for _ in range(2))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Installation:
        os.environ |= {
            "MOTCUA_VAR": str(self.var),
            "MOTCUA_DEMO": "1",
            "MOTCUA_MAKE_SECRETS": "1",
            "MOTCUA_BASE_URL": self.web_url,
            "MOTCUA_EID_ISSUER": self.eid_url,
            "MOTCUA_HOSTS": HOST,
            "MOTCUA_API_CALLS_PER_MINUTE": "1000000",
            "DJANGO_SETTINGS_MODULE": "motcua.config.settings.demo",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        for name in ("MOTCUA_DATABASE_URL", "MOTCUA_OWNER_DATABASE_URL", "MOTCUA_DATABASE_ROLE"):
            os.environ.pop(name, None)
        if not self.keep:
            self._remove()
        self.var.mkdir(parents=True, exist_ok=True)
        try:
            self._set_up()
            self.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def command(self, *arguments: str) -> str:
        """Run a `motcua` command and give what it printed."""
        done = subprocess.run(_motcua(*arguments), check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def tidy(self) -> None:
        """Do now what autovacuum would do, so that its work does not fall into a measurement."""
        from motcua.foundation.postgres import server

        place = server.address(self.var)
        with psycopg.connect(
            host=str(place.socket_dir),
            port=place.port,
            dbname=place.database,
            user=server.OWNER_ROLE,
            autocommit=True,
        ) as owner:
            owner.execute("VACUUM ANALYZE")

    def rest(self) -> None:
        """End everything but the database."""
        for name in ("web", "worker", "follow", "eid"):
            process = self.processes.pop(name)
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)

    def start(self) -> None:
        """Begin everything but the database, after a rest at the same addresses."""
        web, eid = (url.rsplit(":", 1)[1] for url in (self.web_url, self.eid_url))
        secret = self.var / "secrets" / "eid_client_secret"
        callback = f"{self.web_url}/accounts/oidc/eid/login/callback/"
        stand_in = ["--port", eid, "--issuer", self.eid_url, "--client", "motcua"]
        stand_in += ["--client-secret-file", str(secret), "--redirect-uri", callback]
        self._spawn("eid", [sys.executable, "-m", "sandbox.eid", *stand_in])
        self._spawn("web", _motcua("serve", "--port", web))
        self._spawn("worker", _motcua("worker"))
        self._spawn("follow", _motcua("follow"))
        for url in (f"{self.eid_url}/health", f"{self.web_url}/health/ready"):
            self._wait_for(url)

    def pids(self) -> dict[str, int]:
        from bench.processes import postmaster
        from motcua.foundation.postgres import cluster

        ours = {name: self.processes[name].pid for name in ("web", "worker", "follow")}
        return ours | {"database": postmaster(cluster.locate(self.var).data)}

    def _set_up(self) -> None:
        from motcua.config.environment import environment

        os.environ["MOTCUA_EID_CLIENT_SECRET"] = environment.secret("eid_client_secret")
        self.command("migrate", "--verbosity", "0")
        if not (ROOT / "build" / "collected" / "staticfiles.json").exists():
            self.command("collectstatic", "--noinput", "--verbosity", "0")
        self.command("world")

    def _spawn(self, name: str, command: list[str]) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise SystemExit(f"{name} ended early; the end of its log:\n{self._log(name)}")
            try:
                if httpx.get(url, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise SystemExit(f"{url} does not answer.")

    def _log(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text(errors="replace")[-2000:]

    def _end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        if not self.keep:
            self._remove()
            return
        from motcua.foundation.postgres import server

        server.stop(self.var)

    def _remove(self) -> None:
        """Stop the benchmark's own database and take away its folders."""
        from motcua.foundation.postgres import cluster, server

        server.stop(self.var)
        shutil.rmtree(cluster.locate(self.var).home, ignore_errors=True)
        shutil.rmtree(self.var, ignore_errors=True)


def _motcua(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "motcua.config.cli", *arguments]
