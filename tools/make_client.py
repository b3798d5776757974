"""Makes the typed Python client of the REST API from the API's own description: `python tools/make_client.py FOLDER`.

The package `motcua_client` is written into FOLDER (default: build/client) and never committed: what it would say is in
the description. It needs httpx and attrs, nothing of motcua.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NAME = "motcua_client"
# Files come as bytes, whatever they are.
CONFIGURATION = {
    "package_name_override": NAME,
    "literal_enums": True,
    "content_type_overrides": dict.fromkeys(
        ("application/pdf", "image/jpeg", "image/png"), "application/octet-stream"
    ),
    # The generator would format each file anew by a program that need not be there.
    "post_hooks": [],
}


def make_client(description: dict[str, Any], folder: Path) -> Path:
    """Write the package into the folder; gives the package's own folder. Raises RuntimeError when a part of the
    description cannot be expressed."""
    package = folder / NAME
    shutil.rmtree(package, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        paths = {name: Path(place) / f"{name}.json" for name in ("description", "configuration")}
        paths["description"].write_text(json.dumps(description, default=str), encoding="utf-8")
        paths["configuration"].write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
        command += ["--path", str(paths["description"]), "--config", str(paths["configuration"])]
        command += ["--output-path", str(package), "--overwrite", "--fail-on-warning"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=place)
    if done.returncode:
        raise RuntimeError(f"The client was not made:\n{done.stdout}\n{done.stderr}")
    return package


def read_description() -> dict[str, Any]:
    """The description as the API serves it; no database is needed."""
    for name in ("MOTCUA_SECRET_KEY", "MOTCUA_JOURNAL_KEY"):
        os.environ.setdefault(name, "only to read the description")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from motcua.doors.api.web.urls import api

    return dict(api.get_openapi_schema())


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "client"
    print(make_client(read_description(), target.absolute()))
