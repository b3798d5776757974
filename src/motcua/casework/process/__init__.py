"""Process: definitions, running instances and their tasks.

Knows a dossier only as `subject`, a UUID. This slice runs linear processes with outcomes that go on, back or
end; gateways, timers and BPMN come with the issue that completes the room.
"""
