"""Notifications: e-mail, SMS and messages in the portal; templates, preferences, sending, what became of each.

Owns messages and the choices of their recipients. A recipient is an id and opaque addresses: who stands behind
them, and who may see what was sent, is known from `registry` up. Rooms register their purposes in `contributions` and
bring the words as templates `notifications/<purpose>/`; pages lie in `doors.portal` and `doors.console`.
`delivery` is the sending itself, run by `tasks`; `rendering` turns a purpose into words.
"""
