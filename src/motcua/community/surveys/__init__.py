"""Satisfaction: one question after each result, and the case an unhappy answer opens."""
