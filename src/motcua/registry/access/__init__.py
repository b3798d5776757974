"""Access: accounts, roles by agency path, and who acts in a request.

Does not know who stands behind an account: organisations and people register how to tell.
"""
