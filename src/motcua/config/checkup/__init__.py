"""Checkup: what is wrong with this installation, and how to mend it.

One small function for each thing looked at, in a module by its subject; `running` lists them and runs them.
A check answers with a `Finding`, or None where it does not apply. It changes nothing, asks outside systems
for seconds at most, and names files, settings and counts: never a secret, never a person.
"""
