from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings

from motcua.config.demo.demo_images import draw_seal, draw_signature
from motcua.foundation.signatures.images import check_image


@pytest.fixture(autouse=True)
def _fonts(settings):
    if not Path(settings.FONTS_DIR).exists():
        settings.FONTS_DIR = (
            Path(django_settings.REPOSITORY_DIR) / "node_modules" / "@expo-google-fonts" / "tinos"
        )


def test_draws_pictures_that_the_decree_allows():
    assert check_image(draw_signature("Đỗ Thị Mẫu Hiền"), ink="blue") == []
    assert check_image(draw_seal("Ủy ban nhân dân xã Kỳ Sơn", "Tỉnh Phú Thọ"), ink="red") == []


def test_draws_the_same_for_the_same_name_only():
    assert (
        draw_signature("Lê Mẫu Thuận") == draw_signature("Lê Mẫu Thuận") != draw_signature("Vũ Thị Mẫu Loan")
    )


def test_finds_room_for_a_long_name():
    assert draw_seal("Ủy ban nhân dân " + "phường rất dài " * 5, "Thành phố Hồ Chí Minh")
