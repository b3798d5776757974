"""The check of the catalogues finds what it should find, on a copy of a small package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
import pytest

from tools import check_translations
from tools.check_translations import catalogue_path, extract, findings, update

MODULE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

def words(name, count):
    return _("Hand over"), _("Accepted as %(code)s.") % {"code": name}, pgettext_lazy("journal", "accepted")

def counted(count):
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
"""
TEMPLATE = """{% translate "Sign in" %}
{% blocktranslate count total=n %}{{ total }} dossier{% plural %}{{ total }} dossiers{% endblocktranslate %}
"""
TRANSLATIONS = {
    "Hand over": {"vi": "Chuyển xử lý", "de": "Weitergeben"},
    "Accepted as %(code)s.": {"vi": "Đã tiếp nhận, mã hồ sơ %(code)s.", "de": "Angenommen als %(code)s."},
    "accepted": {"vi": "đã tiếp nhận", "de": "hat angenommen"},
    "%(count)d day": {"vi": ["%(count)d ngày"], "de": ["%(count)d Tag", "%(count)d Tage"]},
    "Sign in": {"vi": "Đăng nhập", "de": "Anmelden"},
    "%(total)s dossier": {"vi": ["%(total)s hồ sơ"], "de": ["%(total)s Vorgang", "%(total)s Vorgänge"]},
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one module and one template, fully translated."""
    (tmp_path / "words.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "page.html").write_text(TEMPLATE, encoding="utf-8")
    for language in ("vi", "de"):
        update(extract(tmp_path), catalogue_path(tmp_path, language), language)
        with edited(tmp_path, language) as catalogue:
            for entry in catalogue:
                words = TRANSLATIONS[entry.msgid][language]
                if entry.msgid_plural:
                    entry.msgstr_plural = dict(enumerate(words))
                else:
                    entry.msgstr = words
    return tmp_path


@contextmanager
def edited(package: Path, language: str) -> Iterator[polib.POFile]:
    """The catalogue of one language, written back at the end."""
    catalogue = polib.pofile(str(catalogue_path(package, language)))
    yield catalogue
    catalogue.save()


def test_our_own_catalogues_are_complete():
    assert findings(check_translations.PACKAGE) == []


def test_passes_a_package_that_is_fully_translated(package):
    assert findings(package) == []


def test_finds_a_new_string_that_is_in_no_catalogue(package):
    (package / "more.html").write_text('{% translate "Sign out" %}', encoding="utf-8")
    assert findings(package) == ["vi: missing: 'Sign out'", "de: missing: 'Sign out'"]


def test_finds_a_string_that_the_source_has_no_more(package):
    (package / "page.html").write_text('{% translate "Sign in" %}', encoding="utf-8")
    assert findings(package) == ["vi: obsolete: '%(total)s dossier'", "de: obsolete: '%(total)s dossier'"]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", "untranslated"),
        ("Angenommen.", "lacks %(code)s"),
        ("Angenommen als %(code)s durch %(name)s.", "adds %(name)s"),
        ("Angenommen als %(code)d.", "lacks %(code)s"),
        ("Zu 100 % angenommen als %(code)s.", "has a % that begins no placeholder"),
    ],
)
def test_finds_a_translation_that_is_broken(package, text, finding):
    with edited(package, "de") as catalogue:
        catalogue.find("Accepted as %(code)s.").msgstr = text
    found = findings(package)
    assert re.match(rf"de: {re.escape(finding)}.*: 'Accepted as ", found[0])


def test_finds_a_fuzzy_translation(package):
    with edited(package, "vi") as catalogue:
        catalogue.find("Hand over").flags.append("fuzzy")
    assert findings(package) == ["vi: fuzzy: 'Hand over'"]


def test_finds_a_plural_form_that_is_missing(package):
    with edited(package, "de") as catalogue:
        catalogue.find("%(count)d day").msgstr_plural = {0: "%(count)d Tag"}
    assert findings(package) == ["de: 1 plural forms, not 2: '%(count)d day'"]


def test_update_keeps_translations_takes_new_strings_in_and_guesses_nothing(package):
    (package / "more.html").write_text('{% translate "Sign out" %}', encoding="utf-8")
    update(extract(package), catalogue_path(package, "de"), "de")
    with edited(package, "de") as catalogue:
        assert catalogue.find("Sign out").msgstr == ""
        assert catalogue.find("Sign in").msgstr == "Anmelden"


def test_update_changes_nothing_when_only_lines_moved(package):
    path = catalogue_path(package, "vi")
    update(extract(package), path, "vi")
    before = path.read_bytes()
    (package / "words.py").write_text("\n\n# moved\n" + MODULE, encoding="utf-8")
    update(extract(package), path, "vi")
    assert path.read_bytes() == before
