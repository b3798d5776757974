"""A stand-in for a remote signing service: the CSC API 2.0 with made-up people.

`keys`: its authority and the credentials, kept in a folder. `service`: tokens, authorisations, signatures.
`web`: the Flask application. Started by `python -m sandbox.remote_signer`.
"""
