"""Foundation: what every room stands on. Knows no citizen, no agency and no dossier."""
