"""PostgreSQL of our own, for an installation that names no other by `MOTCUA_DATABASE_URL`.

Owns one cluster for each `var` folder: its making, start, stop, roles and the empty database `motcua`. Knows
nothing of tables, Django or the other rooms. `server` is the door; `cluster` makes and finds the files,
`programs` finds the binaries and runs them under the right user.

The server listens on a Unix socket in a folder that only its own user (and root) may enter; this folder is
the only protection, there are no passwords. PostgreSQL refuses to run as root: for root the cluster lies in
`/var/lib/motcua/<hash of the var folder's path>`, belongs to the system user `motcua`, and stays when `var`
is deleted.
"""
