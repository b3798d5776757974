"""A stand-in for the national electronic identification (VNeID): OpenID Connect with made-up people.

`provider`: the protocol, by Authlib. `store`: client, codes and tokens, in memory. `people`: who can sign in.
`web`: the Flask application. Started by `python -m sandbox.eid`.
"""
