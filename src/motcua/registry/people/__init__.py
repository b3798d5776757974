"""People: citizens, how they prove who they are (eID by OpenID Connect), and what the eID told us.

Foreigners, businesses and mandates come with the issue that completes this room.
"""
