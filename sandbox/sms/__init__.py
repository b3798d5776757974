"""A stand-in for an SMS gate: takes messages as docs/api.md describes, shows them, reports their delivery.

`gate`: what was taken and which fault is played, in memory. `reports`: signed delivery reports, sent by a thread.
`web`: the Flask application. Started by `python -m sandbox.sms`.
"""
