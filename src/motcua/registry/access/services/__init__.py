"""Accounts, roles, sessions, second factors: one module for each."""
