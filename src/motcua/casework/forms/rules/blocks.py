"""What forms share: the parts of a person and of an address, as questions and as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .definition import LANGUAGES, Field, Option, Text

# Decision 121-TCTK/PPCĐ of 1979 [M].
ETHNICITIES = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Hoa", "Nùng", "Mông", "Dao", "Gia Rai", "Ê Đê", "Ba Na",
    "Xơ Đăng", "Sán Chay", "Cơ Ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Ra Glai", "Xtiêng",
    "Bru - Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Gié Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Chơ Ro",
    "Kháng", "Xinh Mun", "Hà Nhì", "Chu Ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô",
    "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
    "Ngái",
)  # fmt: skip


def _text(vi: str, en: str, de: str) -> Text:
    return {"vi": vi, "en": en, "de": de}


_line = {"type": "string", "minLength": 1}
# Put into a form's `$defs` where it refers to them and does not define its own.
SHARED: Mapping[str, Any] = {
    "person": {
        "type": "object",
        "additionalProperties": False,
        "required": ["full_name"],
        "properties": {
            "full_name": {**_line, "maxLength": 300},
            "birth_date": {"type": "string", "format": "date"},
            "sex": {"type": "string", "enum": ["male", "female"]},
            "personal_number": {"type": "string", "pattern": "^[0-9]{12}$"},
            "nationality": {**_line, "maxLength": 50},
            "ethnicity": {"type": "string", "enum": list(ETHNICITIES)},
            "residence": {**_line, "maxLength": 300},
        },
    },
    "address": {
        "type": "object",
        "additionalProperties": False,
        "required": ["commune"],
        "properties": {
            "line": {**_line, "maxLength": 300},
            "commune": {"type": "string", "pattern": "^[0-9]{5}$"},
        },
    },
}
PARTS: Mapping[str, tuple[Field, ...]] = {
    "person": (
        Field(
            "full_name",
            "name",
            _text("Họ, chữ đệm, tên", "Full name", "Vollständiger Name"),
            hint=_text(
                "Như trên thẻ căn cước, đủ dấu.",
                "As on the identity card, with all accents.",
                "Wie auf der Identitätskarte, mit allen Akzenten.",
            ),
        ),
        Field(
            "birth_date",
            "birth_date",
            _text("Ngày sinh", "Date of birth", "Geburtsdatum"),
            hint=_text(
                "Như trên thẻ căn cước hoặc giấy khai sinh.",
                "As on the identity card or birth certificate.",
                "Wie auf Identitätskarte oder Geburtsurkunde.",
            ),
        ),
        Field(
            "sex",
            "radio",
            _text("Giới tính", "Sex", "Geschlecht"),
            hint=_text(
                "Như trên thẻ căn cước hoặc giấy khai sinh.",
                "As on the identity card or birth certificate.",
                "Wie auf Identitätskarte oder Geburtsurkunde.",
            ),
            options=(
                Option("female", _text("Nữ", "Female", "weiblich")),
                Option("male", _text("Nam", "Male", "männlich")),
            ),
        ),
        Field(
            "personal_number",
            "personal_number",
            _text("Số định danh cá nhân", "Personal number", "Persönliche Nummer"),
            hint=_text(
                "12 số trên thẻ căn cước.",
                "The 12 digits on the identity card.",
                "Die 12 Ziffern auf der Identitätskarte.",
            ),
            birth_date="birth_date",
            sex="sex",
        ),
        Field(
            "nationality",
            "text",
            _text("Quốc tịch", "Nationality", "Staatsangehörigkeit"),
            hint=_text(
                "Ví dụ: Việt Nam. Có nhiều quốc tịch thì ghi quốc tịch trên giấy tờ bạn dùng.",
                "Such as Việt Nam. With several, the one on the papers used here.",
                "Etwa Việt Nam. Bei mehreren die auf den hier verwendeten Papieren.",
            ),
            max_length=50,
        ),
        Field(
            "ethnicity",
            "select",
            _text("Dân tộc", "Ethnic group", "Ethnie"),
            hint=_text(
                "Như trên giấy khai sinh. Người nước ngoài để trống.",
                "As on the birth certificate. Foreigners leave it empty.",
                "Wie in der Geburtsurkunde. Ausländer lassen es leer.",
            ),
            options=tuple(Option(name, dict.fromkeys(LANGUAGES, name)) for name in ETHNICITIES),
        ),
        Field(
            "residence",
            "text",
            _text("Nơi cư trú", "Residence", "Wohnort"),
            hint=_text(
                "Số nhà, đường hoặc thôn; xã, phường; tỉnh, thành phố.",
                "House and street or village; commune; province.",
                "Haus und Straße oder Dorf; Gemeinde; Provinz.",
            ),
            max_length=300,
        ),
    ),
    "address": (
        Field(
            "line",
            "text",
            _text("Số nhà, đường hoặc thôn", "House and street or village", "Haus und Straße oder Dorf"),
            hint=_text(
                "Chưa có số nhà thì ghi thôn, xóm, khu.",
                "Without a house number, give the village or hamlet.",
                "Ohne Hausnummer geben Sie Dorf oder Weiler an.",
            ),
            max_length=300,
        ),
        Field(
            "commune",
            "place",
            _text("Xã, phường", "Commune or ward", "Gemeinde"),
            hint=_text(
                "Gõ vài chữ, không cần dấu; tên cũ cũng tìm được.",
                "Type a few letters, accents are not needed; former names are found too.",
                "Einige Buchstaben genügen, auch ohne Akzente; frühere Namen werden gefunden.",
            ),
        ),
    ),
}
CLAIMS: Mapping[str, str] = {
    "full_name": "eid.name",
    "birth_date": "eid.birth_date",
    "sex": "eid.sex",
    "personal_number": "eid.personal_number",
    "nationality": "eid.nationality",
    "ethnicity": "eid.ethnicity",
    "residence": "eid.residence",
}
# What to do about a part that must be answered.
NEEDED: Mapping[str, Text] = {
    "full_name": _text(
        "Ghi họ, chữ đệm và tên", "Enter the full name", "Geben Sie den vollständigen Namen an"
    ),
    "birth_date": _text("Ghi ngày sinh", "Enter the date of birth", "Geben Sie das Geburtsdatum an"),
    "sex": _text("Chọn giới tính", "Choose the sex", "Wählen Sie das Geschlecht aus"),
    "personal_number": _text(
        "Ghi 12 số định danh cá nhân",
        "Enter the 12 digits of the personal number",
        "Geben Sie die 12 Ziffern der persönlichen Nummer an",
    ),
    "nationality": _text("Ghi quốc tịch", "Enter the nationality", "Geben Sie die Staatsangehörigkeit an"),
    "ethnicity": _text("Chọn dân tộc", "Choose the ethnic group", "Wählen Sie die Ethnie aus"),
    "residence": _text("Ghi nơi cư trú", "Enter the residence", "Geben Sie den Wohnort an"),
    "line": _text(
        "Ghi số nhà, đường hoặc thôn",
        "Enter the house and street or the village",
        "Geben Sie Haus und Straße oder das Dorf an",
    ),
    "commune": _text("Chọn xã, phường", "Choose the commune or ward", "Wählen Sie die Gemeinde aus"),
}
