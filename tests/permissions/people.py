"""Citizens' accounts and data, and signing in by eID."""

from __future__ import annotations

from tests.permissions.rows import (
    POST,
    PUBLIC,
    Row,
    citizens,
    everybody,
    overseers,
)

ROWS = {
    "people:sign-in": PUBLIC,
    "people:sign-out": Row(everybody(302), post=POST),
    "people:wrong-data": PUBLIC,
    "people:account": Row(citizens(neighbour=200)),
    "people:contact": Row(citizens(neighbour=200), ("contact_kind",)),
    # The neighbour changes nothing, and is led to where a change begins.
    "people:contact-confirm": Row(citizens(neighbour=302), ("contact_kind",)),
    "people:contact-lost": Row(citizens(neighbour=302), ("contact_kind",)),
    "people:contact-stop": Row(citizens(owner=302, neighbour=302), ("contact_kind",), post=POST),
    "people:fresh": Row(citizens(neighbour=200)),
    "people:sessions": Row(citizens(neighbour=200)),
    # They have none of these.
    "people:end-session": Row(citizens(owner=404), ("nothing",), post=POST),
    "people:end-other-sessions": Row(citizens(owner=302, neighbour=302), post=POST),
    "people:ways": Row(citizens(neighbour=200)),
    "people:unlink": Row(citizens(), ("way",)),
    "people:consents": Row(citizens(neighbour=200)),
    "people:data": Row(citizens(neighbour=200)),
    "people:data-download": Row(citizens(owner=302, neighbour=302), post=POST),
    "people:data-correct": Row(citizens(neighbour=200)),
    "people:data-erase": Row(citizens(neighbour=200)),
    "people:data-ask": Row(citizens(), ("reading",)),
    "people:data-request": Row(citizens(), ("data_request",)),
    "people:data-file": Row(citizens(), ("data_file",)),
    "people:data-take-back": Row(citizens(owner=302), ("data_request",), post=POST),
    "people-desk:requests": Row(overseers("data_protection")),
    "people-desk:request": Row(overseers("data_protection"), ("data_request",)),
    "people-desk:evidence": Row(overseers("data_protection"), ("data_evidence",)),
    # django-allauth's own; those that are not used lead to our sign-in page.
    # Sign-in begins with a POST from our own page; by GET one is sent to that page.
    "openid_connect_login": Row(everybody(302)),
    "openid_connect_callback": Row(everybody(302)),
    "account_login": Row(everybody(302)),
    "account_signup": Row(everybody(302)),
    "account_inactive": Row(everybody(302)),
    "socialaccount_login_cancelled": Row(everybody(302)),
    "socialaccount_login_error": Row(everybody(302)),
    "socialaccount_signup": Row(everybody(302)),
}
