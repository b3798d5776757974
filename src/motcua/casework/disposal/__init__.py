"""Disposition by schedule: what may go is listed, one proposes it, a second person decides, a job carries it out.

Source: Law on Archives 33/2024/QH15. Periods: `packs/vn/retention.yaml`.
"""
