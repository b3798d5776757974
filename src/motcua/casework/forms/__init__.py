"""Forms: pages of questions as pack files (JSON Schema 2020-12 with pages), and the answers to them.

Owns the reading of `form.json`, the cleaning, checking and summing up of answers, and the Django form of one
page (`django_forms`, with its `messages`). Does not own the answers: a draft or dossier keeps them as a plain
dictionary, field name -> value. No tables.
"""
