"""Made-up dossiers for demonstrations, benchmarks and load: people, their answers, the hours of the acts.

`people`, `births` and `hours` are pure and give the same for the same seed; `entering` puts it into the
database.
"""
