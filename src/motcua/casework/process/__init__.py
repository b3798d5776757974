"""Process: definitions, running instances and their tasks; docs/process.md is the language.

Knows a dossier only as `subject`, a UUID. `rules` hold the semantics, BPMN in and out, and the picture, all pure.
"""
