"""Made-up data for the gallery: the sample screens show an invented birth, permit and household business.

The samples are written in Vietnamese, as the pages would be read; nothing here is a real person or dossier.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import segno
from django import forms
from django.utils.safestring import SafeString, mark_safe

from motcua.foundation.ui.fields import DayField

SCREENS = (
    *("home", "procedure", "question", "question-error", "check", "dossier", "dossier-stopped"),
    *("inbox", "officer-dossier", "sign", "states"),
)


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
    pledge = forms.BooleanField(label="Tôi cam đoan những điều khai trên là đúng.")


def context() -> dict[str, Any]:
    """Everything the gallery's templates show."""
    answers = {"surname": "father", "name": "Minh Khôi", "origin": "father"}
    return {
        "form": SampleForm(initial=answers),
        "wrong_form": SampleForm({"surname": "father"}),
        "every_form": EveryFieldForm(),
        "every_wrong_form": EveryFieldForm({"w-born_0": "31", "w-born_1": "2", "w-born_2": "2026", "w-copies": "x"}, prefix="w"),
        "qr": _qr("https://example.org/verify/7K4M-2QXD-9R"),
        **_birth(),
        **_permit(),
        **_desk(),
        **_signing(),
    }


def _qr(text: str) -> SafeString:
    return mark_safe(segno.make(text, error="m").svg_inline(border=2, omitsize=True, scale=1))  # noqa: S308


def _rows(*rows: tuple[str, ...], names: str = "label value note") -> list[dict[str, str]]:
    return [dict(zip(names.split(), row, strict=False)) for row in rows]


def _birth() -> dict[str, Any]:
    return {
        "life_events": _rows(
            ("birth", "Sinh con", "Khai sinh, bảo hiểm, thai sản"),
            ("marriage", "Kết hôn", "Đăng ký, xác nhận tình trạng hôn nhân"),
            ("house", "Làm nhà", "Giấy phép, sửa chữa, điện nước"),
            ("shop", "Mở cửa hàng", "Hộ kinh doanh, an toàn thực phẩm"),
            ("land", "Đất đai", "Sổ lần đầu, sang tên, tách thửa"),
            ("residence", "Cư trú, căn cước", "Thường trú, tạm trú, hộ chiếu"),
            ("work", "Đi học, đi làm", "Lý lịch tư pháp, bằng lái, trợ cấp"),
            ("death", "Người thân qua đời", "Khai tử, mai táng phí, thừa kế"),
            names="icon title note",
        ),
        "event": {
            "title": "Sinh con",
            "icon": "birth",
            "url": "#",
            "note": "4 việc, khai một lần: khai sinh, thường trú, thẻ bảo hiểm y tế, chế độ thai sản",
        },
        "procedures": _rows(
            ("Đăng ký khai sinh", "Trong ngày · Miễn phí", "#"),
            ("Khai sinh, thường trú và thẻ bảo hiểm y tế cho trẻ dưới 6 tuổi", "Tối đa 20 ngày · Miễn phí", "#"),
            ("Đăng ký lại khai sinh", "5 ngày làm việc · Lệ phí theo nghị quyết", "#"),
            names="title note url",
        ),
        "crumbs": [{"text": "Trang đầu", "url": "#"}, {"text": "Sinh con", "url": "#"}],
        "who_facts": _rows(("Ai được làm", "Cha, mẹ; ông, bà hoặc người thân thích khác; người đang nuôi dưỡng trẻ.")),
        "fee_facts": [
            {"label": "Lệ phí", "half": True, "value": "0 đồng trong 60 ngày đầu. Bản sao trích lục: 8.000 đồng một bản."},
            {
                "label": "Nhận kết quả",
                "half": True,
                "value": "Trong Kho giấy tờ của bạn, tại quầy hoặc qua bưu điện.",
            },
        ],
        "bar_rows": [
            {"label": "Nửa số hồ sơ xong trong", "value": "3 giờ 40 phút", "percent": 46, "kind": "half"},
            {"label": "9 trên 10 hồ sơ xong trong", "value": "7 giờ", "percent": 87, "kind": "most"},
            {"label": "Luật cho", "value": "8 giờ làm việc", "percent": 100, "kind": "law"},
        ],
        "needed": _rows(
            ("held", "", "Căn cước và nơi cư trú của cha, mẹ", "Lấy từ Cơ sở dữ liệu quốc gia về dân cư."),
            ("held", "", "Giấy chứng nhận kết hôn", "Lấy từ Cơ sở dữ liệu hộ tịch điện tử, nếu đăng ký trong nước."),
            ("yours", "1", "Giấy chứng sinh", "Ảnh chụp rõ cả bốn góc. Bệnh viện đã gửi bản điện tử thì không phải nộp."),
            (
                *("sometimes", "", "Văn bản ủy quyền"),
                *("Ông, bà, cha, mẹ, anh, chị, em ruột làm thay thì không phải chứng thực.", "Chỉ khi nhờ người khác làm thay"),
            ),
            names="kind number title note label",
        ),
        "known": _rows(
            ("Ngày giờ sinh", "6 giờ 25 phút, thứ Năm 05/03/2026"),
            ("Giới tính", "Nam"),
            ("Nơi sinh", "Bệnh viện Trung ương Huế, cơ sở 2"),
        ),
        "parts": ["Cha, mẹ", "Em bé", "Giấy tờ", "Nhận kết quả"],
        "child_rows": [
            {"label": "Họ và tên", "value": "TRẦN MINH KHÔI", "strong": True},
            *_rows(
                ("Sinh", "6 giờ 25 phút, thứ Năm 05/03/2026, nam"),
                ("Nơi sinh", "Bệnh viện Trung ương Huế, cơ sở 2"),
                ("Dân tộc, quốc tịch", "Kinh, Việt Nam"),
                ("Quê quán", "xã Quảng Điền, thành phố Huế"),
            ),
        ],
        "parent_rows": _rows(
            ("Mẹ", "Nguyễn Thị Hồng Nhung, sinh 14/08/1997", "Số định danh 046*********"),
            ("Cha", "Trần Quốc Bảo, sinh 02/11/1994", "Số định danh 046*********"),
        ),
        "fee_rows": _rows(
            ("Đăng ký khai sinh", "Trong 60 ngày từ ngày sinh: miễn", "0 đ"),
            ("Bản sao trích lục", "3 bản × 8.000 đ", "24.000 đ"),
            names="label note amount",
        ),
    }


def _week(first: int, states: str, **words: Any) -> list[dict[str, Any]]:
    """Seven days from `first`; one letter a day: c counted, e early, s stopped, o off, p plain, d due, l limit."""
    names = {"c": "counted", "e": "early", "s": "stopped", "o": "off", "p": "plain", "d": "due", "l": "limit"}
    said = {"c": "tính", "e": "đã tính", "s": "dừng", "o": "không tính", "d": "hẹn trả", "l": "hạn bổ sung"}
    days = []
    for offset, letter in enumerate(states):
        word, mark = words.get(f"d{first + offset}", ("", ""))
        day = {"number": first + offset, "state": names[letter], "said": said.get(letter, "")}
        days.append(day | {"word": word, "mark": mark})
    return days


def _permit() -> dict[str, Any]:
    done = [
        *_steps(
            ("done", "Bạn nộp trên mạng", "8:12, thứ Hai 02/03"),
            ("done", "Quầy xã Quảng Điền tiếp nhận", "9:40, thứ Hai 02/03 · sau 1 giờ 28 phút · hẹn trả 17/03"),
            ("done", "Phòng Kinh tế xem xét", "02/03 – 04/03 · 2 ngày · Lê Văn Thuận"),
        ),
        {
            "state": "stopped",
            "title": "Yêu cầu bổ sung 2 giấy tờ",
            "meta": "15:20, thứ Tư 04/03 ·",
            "url": "#",
            "url_text": "Phiếu số 12/PBS-TTPVHCC",
            "note": "Dừng 6 ngày để chờ bạn. Không tính cho cơ quan.",
        },
    ]
    return {
        "weekdays": ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
        "weeks_done": [
            _week(2, "peessss", d2=("nhận", "")),
            _week(9, "ssccccc", d10=("đủ", "")),
            _week(16, "ccccc" + "pp", d20=("xong", "now")),
            _week(23, "ppdoooo", d25=("hẹn", "")),
        ],
        "legend_done": [
            {"state": "counted", "text": "Ngày tính cho cơ quan: 10"},
            {"state": "stopped", "text": "Ngày dừng, chờ bạn: 6"},
            {"state": "early", "text": "Trước khi tính lại: 2"},
            {"state": "due", "text": "Ngày hẹn trả: 25/03"},
        ],
        "weeks_stopped": [
            _week(2, "pccssss", d2=("nhận", "")),
            _week(9, "spppp" + "oo", d10=("nay", "now")),
            _week(16, "ppppp" + "oo"),
            _week(23, "pplpp" + "oo", d25=("hạn", "")),
        ],
        "legend_stopped": [
            {"state": "counted", "text": "Ngày đã tính cho cơ quan: 2"},
            {"state": "stopped", "text": "Ngày dừng, chờ bạn: 6"},
            {"state": "limit", "text": "Hạn bổ sung: 25/03 (15 ngày làm việc)"},
        ],
        "timeline_done": [
            *done,
            *_steps(
                ("done", "Bạn bổ sung đủ, tính lại từ đầu", "16:05, thứ Ba 10/03 · hẹn trả mới 25/03"),
                ("done", "Trung tâm Quản lý đô thị cho ý kiến", "11/03 – 17/03 · 6 ngày, chậm 1 ngày so với đề nghị"),
                ("done", "Kiểm tra tại chỗ", "8:30, thứ Tư 18/03 · có mặt bạn"),
                ("done", "Chủ tịch xã ký giấy phép", "14:30, thứ Sáu 20/03"),
                ("done", "Đã vào Kho giấy tờ của bạn", "14:30, thứ Sáu 20/03 · tin nhắn gửi lúc 14:31"),
            ),
        ],
        "timeline_stopped": [
            *done[:3],
            done[3] | {"note": "Đang dừng 6 ngày. Thời gian này không tính cho cơ quan."},
            *_steps(
                ("next", "Xem xét lại, kiểm tra tại chỗ", ""),
                ("next", "Chủ tịch xã ký giấy phép", ""),
                ("next", "Trả kết quả", ""),
            ),
        ],
        "result_actions": [
            {"label": "Tải về (PDF, 1,4 MB)", "href": "#", "icon": "download", "primary": True},
            {"label": "Gửi cho nơi cần", "href": "#", "icon": "share"},
            {"label": "In", "href": "#"},
        ],
        "dossier_rows": [
            *_rows(("Người nộp", "Nguyễn Văn Phúc"), ("Công trình", "Nhà ở 2 tầng, thửa 214, tờ bản đồ 12, thôn Thủ Lễ")),
            {"label": "Lệ phí", "value": "75.000 đ, đã trả.", "url": "#", "url_text": "Biên lai"},
            {"label": "Ai đã xem", "value": "11 lượt, 5 người.", "url": "#", "url_text": "Xem từng lượt"},
        ],
        "asked": [
            {"title": "Bản vẽ mặt bằng móng", "note": "Bản đã nộp chưa ghi kích thước phần móng giáp nhà bên."},
            {
                "title": "Bản cam kết bảo đảm an toàn công trình liền kề",
                "note": "Vì nhà có tường chung với nhà bên.",
                "url": "#",
                "url_text": "Mẫu điền sẵn",
            },
        ],
    }


def _steps(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return _rows(*rows, names="state title meta")


def _inbox_rows(*rows: tuple[str, ...]) -> list[dict[str, Any]]:
    names = "state due procedure applicant task code source"
    found: list[dict[str, Any]] = list(_rows(*rows, names=names))
    return [row | {"id": row["code"], "url": "#"} for row in found]


def _desk() -> dict[str, Any]:
    business = "Đăng ký thành lập hộ kinh doanh"
    today = _inbox_rows(
        ("soon", "11:30 · còn 48 phút", business, "Võ Thị Kim Liên", "Trình ký", "260305-0014", "Mạng"),
        ("soon", "11:30 · còn 48 phút", business, "Hồ Đắc Quang", "Trình ký", "260305-0016", "Mạng"),
        ("soon", "14:10 · còn 1 giờ 28", business, "Nguyễn Hữu Thịnh", "Trình ký", "260305-0019", "Bưu chính"),
        ("soon", "16:30", "Gia hạn giấy phép xây dựng", "Lê Thị Bích Thủy", "Soạn giấy phép", "260303-0008", "Mạng"),
        ("soon", "17:00", "Chấm dứt hoạt động hộ kinh doanh", "Đặng Quốc Cường", "Đối chiếu với Thuế", "260303-0015", "Quầy"),
    )
    late = _inbox_rows(
        (
            *("overdue", "Quá 1 ngày 2 giờ", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Trần Thị Cẩm Tú"),
            *("Kiểm tra tại chỗ", "260216-0003", "Mạng"),
        ),
        (
            *("overdue", "Quá 40 phút", "Đăng ký thay đổi hộ kinh doanh", "Phạm Ngọc Sơn"),
            *("Soạn giấy chứng nhận", "260305-0011", "Quầy"),
        ),
    )
    later = _inbox_rows(
        (
            *("open", "T4 11/03, 9:00", "Sử dụng tạm thời lòng đường, vỉa hè", "Cty Hương Giang"),
            *("Xin ý kiến Công an xã", "260304-0002", "Mạng"),
        ),
        ("open", "T4 11/03, 14:10", business, "Trương Thị Mỹ Hạnh", "Thẩm định", "260306-0021", "Mạng"),
        ("open", "T4 11/03, 15:00", "Cấp lại giấy phép xây dựng", "Ngô Văn Khánh", "Soạn giấy phép", "260304-0010", "Quầy"),
    )
    return {
        "rail": _rail(),
        "filters": [
            {"label": label, "count": count, "state": state, "url": "#", "current": not index}
            for index, (label, count, state) in enumerate(
                (
                    *(("Tất cả", 37, ""), ("Quá hạn", 2, "overdue"), ("Hôm nay", 5, "soon")),
                    *(("Trong 2 ngày", 7, ""), ("Còn xa", 20, ""), ("Đang dừng", 3, "stopped")),
                )
            )
        ],
        "inbox_groups": [
            {"title": "Quá hạn", "count": 2, "note": "Phải có phiếu xin lỗi và hẹn lại", "rows": late},
            {"title": "Hôm nay", "count": 5, "rows": [row | {"checked": n < 3} for n, row in enumerate(today)]},
            {"title": "Trong 2 ngày làm việc", "count": 7, "rows": later},
        ],
        "bulk_actions": [
            {"label": "Trình ký cả 3", "name": "act", "value": "submit", "key": "T", "primary": True},
            {"label": "Chuyển cho…", "name": "act", "value": "assign"},
            {"label": "In phiếu kiểm soát", "name": "act", "value": "print"},
        ],
        "hints": [
            {"keys": ["J", "K"], "text": "xuống, lên"},
            {"keys": ["X"], "text": "chọn"},
            {"keys": ["Enter"], "text": "mở"},
            {"keys": ["/"], "text": "tìm"},
        ],
        "steps": _rows(
            ("done", "Nộp trên mạng", "T6 06/03, 13:52"),
            ("done", "Tiếp nhận", "T6 06/03, 14:10 · 18 phút"),
            ("done", "Thu lệ phí", "T6 06/03, 14:12 · VietQR"),
            ("now", "Thẩm định – bạn", "từ T2 09/03, đã 1,5 ngày"),
            ("next", "Trình ký", "Trưởng phòng, cho 4 giờ"),
            ("next", "Trả kết quả", "hẹn T4 11/03, 14:10"),
            names="state title note",
        ),
        "tabs": [
            {"text": "Nội dung khai", "url": "#", "current": True},
            *({"text": text, "url": "#"} for text in ("So với lần trước", "Trao đổi 1", "Lệ phí")),
        ],
        **_officer_dossier(),
    }


def _rail() -> list[dict[str, Any]]:
    groups: dict[str, list[tuple[str, int | None]]] = {
        "Việc": [("Của tôi", 37), ("Chưa ai nhận", 5), ("Cả phòng", 214)],
        "Đang chờ người khác": [("Người nộp bổ sung", 12), ("Cơ quan khác cho ý kiến", 4), ("Lãnh đạo ký", 6)],
        "Đã xong": [("Hôm nay", 18), ("Tháng này", 246)],
        "Phòng Kinh tế": [("Chỉ số", None), ("Lịch kiểm tra tại chỗ", None), ("Ủy quyền, vắng mặt", None)],
    }
    return [
        {"group": group, "label": label, "count": count, "url": "#", "current": label == "Của tôi"}
        for group, items in groups.items()
        for label, count in items
    ]


def _officer_dossier() -> dict[str, Any]:
    source = "CSDL dân cư"
    names = "label value source state"
    return {
        "answer_groups": [
            {
                "title": "Chủ hộ",
                "rows": [
                    *_rows(("Họ và tên", "Trương Thị Mỹ Hạnh", source, "done"), names=names),
                    *_rows(("Sinh", "22/06/1988, nữ", source, "done"), names=names),
                    {
                        **{"label": "Số định danh", "value": "046*********", "source": source, "state": "done"},
                        **{"url": "#", "url_text": "Hiện"},
                    },
                    *_rows(("Nơi cư trú", "thôn Khuông Phò, xã Quảng Điền", source, "done"), names=names),
                ],
            },
            {
                "title": "Hộ kinh doanh",
                "rows": _rows(
                    ("Tên", "Hộ kinh doanh Bún bò Mệ Hạnh", "Không trùng trong xã", "done"),
                    ("Địa điểm", "Số 18 đường Nguyễn Kim Thành, xã Quảng Điền", "Chưa rõ quyền sử dụng", "look"),
                    ("Vốn", "80.000.000 đ", "Người nộp khai", ""),
                    ("Lao động", "2 người", "Người nộp khai", ""),
                    names=names,
                ),
            },
        ],
        "papers": [
            {"url": "#", **row}
            for row in _rows(
                ("Giấy đề nghị đăng ký hộ kinh doanh", "Bản điện tử, người nộp ký số", "done", "Chữ ký hợp lệ"),
                ("Hợp đồng thuê mặt bằng", "PDF, 3 trang, 640 KB", "look", "Trang 3 thiếu chữ ký bên thuê"),
                ("Căn cước chủ hộ", "Không nộp, lấy từ CSDL dân cư", "done", "Khớp lúc 13:52"),
                names="title note state state_text",
            )
        ],
        "arithmetic": _rows(
            ("Bắt đầu, thứ Sáu", "06/03 14:10", ""),
            ("Bỏ thứ Bảy, Chủ nhật", "07/03 – 08/03", "skipped"),
            ("Ngày 1, thứ Hai", "09/03 14:10", ""),
            ("Ngày 2, thứ Ba", "10/03 14:10", ""),
            ("Ngày 3, thứ Tư", "11/03 14:10", "total"),
            names="label value kind",
        ),
        "days": [
            {
                "title": "Thứ Ba 10/03",
                "entries": _rows(
                    ("10:42", "Lê Văn Thuận", "mở hồ sơ", "Người nộp thấy lượt xem này"), names="time who what note"
                ),
            },
            {
                "title": "Thứ Hai 09/03",
                "entries": _rows(
                    ("07:00", "Hệ thống", "giao bước Thẩm định cho Lê Văn Thuận"), names="time who what note"
                ),
            },
        ],
        "talk": _rows(
            ("Bạn, 15:20 thứ Hai 09/03", "Trang 3 hợp đồng thuê mặt bằng chưa có chữ ký bên thuê. Bà gửi lại trang này giúp."),
            ("Bà Hạnh, 19:05 thứ Hai 09/03", "Tôi đang xin chữ ký, sáng mai gửi lại."),
            names="who text",
        ),
    }


def _signing() -> dict[str, Any]:
    queue = _rows(
        ("Phiếu xin lỗi và hẹn lại", "Trần Thị Cẩm Tú", "Lê Văn Thuận trình 10:55", "overdue", "Quá hạn 1 ngày"),
        ("Giấy khai sinh", "Trần Minh Khôi", "Hoàng Đức Anh soạn 14:20", "soon", "17:00 hôm nay"),
        ("Trích lục khai tử", "Lê Văn Tòng", "Hoàng Đức Anh soạn 14:02", "soon", "17:00 hôm nay"),
        ("Giấy chứng nhận hộ kinh doanh", "Bún bò Mệ Hạnh", "Lê Văn Thuận trình 13:45", "open", "T4 11/03, 14:10"),
        names="title who by state due",
    )
    return {
        "queue": [{**item, "url": "#", "current": n == 1} for n, item in enumerate(queue)],
        "pages": [
            {
                "src": _sample_page(),
                "width": 595,
                "height": 842,
                "alt": "Giấy khai sinh, trang 1",
                "place": {"x": 325, "y": 560, "width": 190, "height": 72},
            }
        ],
        "sign_facts": _rows(
            ("Người nộp", "Nguyễn Thị Hồng Nhung"),
            ("Tiếp nhận", "10:31 hôm nay"),
            ("Hẹn trả", "17:00 hôm nay"),
            ("Người soạn", "Hoàng Đức Anh"),
        ),
        "checks": [
            {"state": "done", "text": text}
            for text in (
                *("Khớp Giấy chứng sinh điện tử", "Chưa có khai sinh nào trùng"),
                *("Cha, mẹ có đăng ký kết hôn", "Không khác bản người soạn trình"),
            )
        ],
    }


def _sample_page() -> str:
    """An invented certificate as a picture, in place of a rendered PDF page."""
    centre = (
        (55, 12, "#111", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (74, 12, "#111", "Độc lập - Tự do - Hạnh phúc"),
        (114, 21, "#8E1B16", "GIẤY KHAI SINH"),
    )
    lines = (
        *("Họ, chữ đệm, tên: TRẦN MINH KHÔI", "Ngày, tháng, năm sinh: 05/03/2026", "Giới tính: Nam", "Dân tộc: Kinh"),
        *("Nơi sinh: Bệnh viện Trung ương Huế, cơ sở 2", "Quê quán: xã Quảng Điền, thành phố Huế"),
        *("Họ, chữ đệm, tên người mẹ: NGUYỄN THỊ HỒNG NHUNG", "Họ, chữ đệm, tên người cha: TRẦN QUỐC BẢO"),
        *("Nơi đăng ký khai sinh: Ủy ban nhân dân xã Quảng Điền", "Ngày, tháng, năm đăng ký: 10/03/2026"),
    )
    texts = [f'<text x="297" y="{y}" font-size="{s}" fill="{c}" text-anchor="middle" font-weight="700">{t}</text>'
             for y, s, c, t in centre]  # fmt: skip
    texts += [f'<text x="66" y="{170 + 26 * n}" font-size="13">{line}</text>' for n, line in enumerate(lines)]
    texts.append('<text x="420" y="545" font-size="12" text-anchor="middle" font-weight="700">CHỦ TỊCH</text>')
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" width="595" height="842" '
        f'font-family="Liberation Serif, Times New Roman, serif">{"".join(texts)}</svg>'
    )
    return "data:image/svg+xml," + quote(drawing)
