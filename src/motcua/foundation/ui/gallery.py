"""Made-up data for the gallery: the sample screens show an invented birth, permit and household business.

The samples (`gallery.yaml`) are in Vietnamese, as the pages would be read. Nobody in them is real.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import segno
import yaml
from django import forms
from django.utils.safestring import SafeString, mark_safe

from motcua.foundation.ui.choosing import Choice, Offer, Search, SearchChoiceWidget
from motcua.foundation.ui.fields import DayField
from motcua.foundation.ui.pieces import Piece, Pieces, Same

SCREENS = (
    *("home", "procedure", "question", "question-error", "check", "dossier", "dossier-stopped"),
    *("inbox", "officer-dossier", "sign", "states"),
)
_DATA = Path(__file__).with_name("gallery.yaml")


class SampleForm(forms.Form):
    """One field of every kind."""

    surname = forms.ChoiceField(
        label="Họ của bé",
        choices=[("father", "Trần – theo họ cha"), ("mother", "Nguyễn – theo họ mẹ")],
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
    )
    name = forms.CharField(
        label="Chữ đệm và tên",
        help_text="Viết đủ dấu, như sẽ ghi trên Giấy khai sinh.",
        error_messages={"required": "Ghi chữ đệm và tên của bé"},
    )
    origin = forms.ChoiceField(
        label="Quê quán",
        choices=[
            ("father", "Theo cha: xã Quảng Điền, thành phố Huế"),
            ("mother", "Theo mẹ: xã Phú Vang, thành phố Huế"),
        ],
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": "Chọn quê quán theo cha hay theo mẹ"},
    )


class EveryFieldForm(SampleForm):
    born = DayField(label="Ngày sinh", help_text="Ví dụ: 5 3 2026.")
    copies = forms.IntegerField(label="Số bản sao", required=False)
    place = forms.ChoiceField(label="Nơi nhận", choices=[("1", "Quầy xã Quảng Điền"), ("2", "Bưu chính")])
    remark = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    certificate = forms.FileField(label="Giấy chứng sinh", help_text="Ảnh chụp rõ cả bốn góc, tối đa 10 MB.")
    home = forms.CharField(
        label="Xã, phường nơi cư trú",
        help_text="Ghi tên trước hoặc sau ngày 1/7/2025, không cần dấu.",
        widget=SearchChoiceWidget(
            Search(
                "00004",
                "cua dong",
                Offer(
                    (
                        Choice("00004", "Phường Ba Đình, thành phố Hà Nội", "Trước đây: Phường Cửa Đông"),
                        Choice("00070", "Phường Hoàn Kiếm, thành phố Hà Nội", "Trước đây: Phường Cửa Đông"),
                    ),
                    "Phường Cửa Đông đã được chia. Chọn nơi địa chỉ thuộc về hiện nay.",
                ),
            )
        ),
    )
    pledge = forms.BooleanField(label="Tôi cam đoan những điều khai trên là đúng.")


def context() -> dict[str, Any]:
    """Everything the gallery's templates show."""
    answers = {"surname": "father", "name": "Minh Khôi", "origin": "father"}
    wrong = {"w-born_day": "31", "w-born_month": "2", "w-born_year": "2026", "w-copies": "x"}
    data: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    data["pages"][0]["src"] = _sample_page()
    return data | {
        "form": SampleForm(initial=answers),
        "wrong_form": SampleForm({"surname": "father"}),
        "every_form": EveryFieldForm(),
        "every_wrong_form": EveryFieldForm(wrong, prefix="w"),
        "groups": _groups(EveryFieldForm(prefix="p")),
        "qr": _qr("https://example.org/verify/7K4M-2QXD-9R"),
    }


def _groups(form: forms.Form) -> list[Pieces]:
    """A list with one person in it, and what is computed of it."""
    person = Piece(
        "block",
        id="id_children-0",
        key="children-0",
        label="Con 1",
        pieces=(Piece("field", form["name"]), Piece("field", form["born"])),
        same=(Same("children-0:mother", "Nguyễn Thị Mẫu"),),
        can_change=True,
    )
    children = Piece(
        "list",
        form["remark"],
        id="id_children",
        key="children",
        label="Các con",
        text="1",
        pieces=(person,),
        item_label="Con",
        is_optional=True,
        can_change=True,
        next_id="id_children-1",
    )
    return [Pieces("", "", [children, Piece("value", label="Trợ cấp một tháng", text="500.000 đ")])]


def _qr(text: str) -> SafeString:
    return mark_safe(segno.make(text, error="m").svg_inline(border=2, omitsize=True, scale=1))  # noqa: S308


def _sample_page() -> str:
    """An invented certificate as a picture, in place of a rendered PDF page."""
    centre = (
        (55, 12, "#111", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (74, 12, "#111", "Độc lập - Tự do - Hạnh phúc"),
        (114, 21, "#8E1B16", "GIẤY KHAI SINH"),
    )
    lines = (
        *(
            "Họ, chữ đệm, tên: TRẦN MINH KHÔI",
            "Ngày, tháng, năm sinh: 05/03/2026",
            "Giới tính: Nam",
            "Dân tộc: Kinh",
        ),
        *("Nơi sinh: Bệnh viện Trung ương Huế, cơ sở 2", "Quê quán: xã Quảng Điền, thành phố Huế"),
        *("Họ, chữ đệm, tên người mẹ: NGUYỄN THỊ HỒNG NHUNG", "Họ, chữ đệm, tên người cha: TRẦN QUỐC BẢO"),
        *("Nơi đăng ký khai sinh: Ủy ban nhân dân xã Quảng Điền", "Ngày, tháng, năm đăng ký: 10/03/2026"),
    )
    bold = 'text-anchor="middle" font-weight="700"'
    texts = [f'<text x="297" y="{y}" font-size="{s}" fill="{c}" {bold}>{t}</text>' for y, s, c, t in centre]
    texts += [f'<text x="66" y="{170 + 26 * n}" font-size="13">{line}</text>' for n, line in enumerate(lines)]
    texts.append(
        '<text x="420" y="545" font-size="12" text-anchor="middle" font-weight="700">CHỦ TỊCH</text>'
    )
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" width="595" height="842" '
        f'font-family="Liberation Serif, Times New Roman, serif">{"".join(texts)}</svg>'
    )
    return "data:image/svg+xml," + quote(drawing)
