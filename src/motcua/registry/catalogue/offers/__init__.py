"""Who offers what, and the decisions by which procedures are published."""
