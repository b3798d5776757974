"""Alerts by rule: watching, telling, acting, showing."""
