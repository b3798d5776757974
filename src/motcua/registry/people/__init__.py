"""People: citizens, foreigners, newborns and organisations; who represents whom, and by which mandate.

Owns how they prove who they are (eID by OpenID Connect, the code of a citizen card) and what their numbers can be.
"""
