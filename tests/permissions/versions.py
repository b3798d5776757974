"""Versions of procedures: for who keeps the catalogue, and for nobody else."""

from tests.permissions.rows import POST, Row, overseers

_KEEPS, _DONE = overseers("catalogue"), overseers("catalogue", gets=302)
_DRAFT = ("version_draft",)

VERSIONS = {
    "versions:procedures": Row(_KEEPS),
    "versions:new": Row(_KEEPS),
    "versions:history": Row(_KEEPS, ("code",)),
    "versions:version-files": Row(_KEEPS, ("code", "first")),
    "versions:start": Row(_DONE, ("code",), post=POST),
    # Version 1 has begun: it cannot be taken back any more.
    "versions:withdraw": Row(_DONE, ("code", "first")),
    "versions:draft": Row(_KEEPS, _DRAFT),
    "versions:facts": Row(_KEEPS, ("version_draft", "version_part")),
    "versions:files": Row(_KEEPS, _DRAFT),
    "versions:upload": Row(_DONE, _DRAFT, post=POST),
    "versions:download": Row(_KEEPS, _DRAFT),
    "versions:differences": Row(_KEEPS, _DRAFT),
    "versions:preview": Row(_KEEPS, _DRAFT),
    "versions:preview-form": Row(_KEEPS, _DRAFT),
    "versions:send": Row(_DONE, _DRAFT, post=POST),
    "versions:review": Row(_KEEPS, _DRAFT),
    # Nobody approved it.
    "versions:publish": Row(_DONE, _DRAFT),
    "versions:rebase": Row(_DONE, _DRAFT, post=POST),
    "versions:give-up": Row(_KEEPS, _DRAFT),
}
