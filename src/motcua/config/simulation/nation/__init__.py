"""The facts of a made-up nation's year, for tiles and analysis at full size: `motcua simulate --scenario nation`.

Made by SQL in chDB, row by row from a hash of the seed and the row's number, and added up into the tallies. There are
no dossiers, people or journal entries behind them: an installation that holds such facts holds nothing else.
"""
