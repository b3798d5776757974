"""A stand-in for a time-stamp authority: RFC 3161 over HTTP, answered by the program `openssl ts`.

`authority`: key, certificates and the answers. `web`: the Flask application. Started by `python -m sandbox.tsa`.
"""
