"""Evaluation of units and officers by their dossiers, from the journal (Circular 01/2018/TT-VPCP art. 13).

docs/indicators.md says what is counted; packs/vn/indicators.yaml how many points it gives.
"""
