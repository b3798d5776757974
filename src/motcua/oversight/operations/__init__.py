"""The operations centre: how the agencies are doing now, on the wall and at the desk, and alerts."""
