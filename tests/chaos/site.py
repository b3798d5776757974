"""A small installation whose processes are killed and come back, as a service manager brings them back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import locate
from tests.running import MOTCUA, ROOT, ask, environment_of

LOADS = 2


class Site:
    """Database, worker, two followers (one seals, the other stands by) and people at work, in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.ledger = var, var / "ledger"
        self.environment = environment_of(var) | {
            "MOTCUA_MAKE_SECRETS": "1",
            "MOTCUA_EID_ISSUER": "http://127.0.0.1:1",
            "MOTCUA_BASE_URL": "http://127.0.0.1:2",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.killed: dict[str, int] = {}

    def set_up(self) -> None:
        for arguments, role in ((("migrate", "-v0"), "owner"), (("world",), "app")):
            self.run(*arguments, role=role)

    def run(self, *arguments: str, role: str = "app") -> subprocess.CompletedProcess[str]:
        environment = self.environment | {"MOTCUA_DATABASE_ROLE": role}
        return subprocess.run(
            [MOTCUA, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )

    def start(self, name: str) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [MOTCUA, name.partition("-")[0]], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )

    def work(self, seconds: float) -> list[subprocess.Popen[bytes]]:
        """People at work for so long; each in a process of their own."""
        loads = []
        for seed in range(LOADS):
            command = [
                sys.executable,
                "-m",
                "tests.chaos.load",
                f"{self.ledger}-{seed}",
                str(seconds),
                str(seed),
            ]
            with (self.var / f"load-{seed}.log").open("ab") as log:
                loads.append(
                    subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
                )
        return loads

    def kill_something(self, chance: random.Random) -> None:
        """kill -9 of a follower, the worker or the database, and its return."""
        name = chance.choice(("follow-1", "follow-2", "worker", "database"))
        self.killed[name] = self.killed.get(name, 0) + 1
        if name == "database":
            pid = int((locate(self.var).data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)
            server.ensure_running(self.var)
        else:
            self.processes[name].kill()
            self.processes[name].wait()
            self.start(name)

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        return ask(self.var, question, *values)

    def bring_back(self) -> None:
        """What ended by itself is started again, as a service manager does."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.start(name)

    def wait_for(self, question: str, *, seconds: float = 90) -> None:
        """Until the question is answered by 0. Raises AssertionError if it comes no nearer for so long."""
        least, since = float("inf"), time.monotonic()
        while (answer := self.ask(question)[0][0]) != 0:
            if answer < least:
                least, since = answer, time.monotonic()
            if time.monotonic() - since > seconds:
                raise AssertionError(f"{question} stays {answer} for {seconds} s\n{self.last_words()}")
            self.bring_back()
            time.sleep(0.2)

    def last_words(self) -> str:
        logs = sorted(self.var.glob("*.log"))
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}" for path in logs)

    def remove(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        server.stop(self.var)
        cluster = locate(self.var)
        for folder in (cluster.home, cluster.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
