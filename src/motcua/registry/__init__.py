"""Registry: who is who and what is offered: accounts, organisations, people, procedures."""
