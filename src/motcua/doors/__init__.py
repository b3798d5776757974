"""Doors: the portal, the desk (console) and pages that need two floors."""
