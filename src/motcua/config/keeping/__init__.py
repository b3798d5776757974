"""Keeping: one encrypted archive of the small site, and a site from an archive.

`making` writes, `restoring` reads; both go through `archive` (the container and its encryption), `parts` (what
lies inside, checked against the manifest), `database` (pg_dump and pg_restore) and `manifest`. The commands
`motcua backup` and `motcua restore` only speak.

Why nothing is missing though the site goes on running meanwhile. Three things are copied, in this order:

1. `var/journal`: the heads of sealed batches. A head is written after its batch was committed, so every head
   in the copy has its batch in the later snapshot. The other way round a copy could name batches that the
   dump does not hold, which is what a cut-off journal looks like.
2. The database, as one snapshot: the dump, the counts of rows and the list of files are of the same instant.
3. The files that the snapshot names, then keys and secrets. A file is on disk before the row that names it is
   committed, lies under the name of its content and never changes; the same holds for keys. So everything
   the snapshot names is there when it is copied, but for what was lawfully erased in between: its row is
   gone by then, which is looked up, and the manifest says so.
"""
