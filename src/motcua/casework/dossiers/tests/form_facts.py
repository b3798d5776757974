"""Facts for every one-stop form, made up, as tests of its print need them."""

from __future__ import annotations

from typing import Any

from motcua.foundation.files.official import qr_svg

HEAD = {
    "superior": "ỦY BAN NHÂN DÂN XÃ LÂM THAO",
    "agency": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "place": "Lâm Thao",
    "issued_on": "2026-03-10",
}
CODE = "H44.25-260310-0042"
LOOKUP = {"url": "http://127.0.0.1:8000/status/"}
APPLICANT = {
    "name": "Nguyễn Thị Hằng",
    "id_number": "025186000123",
    "address": "Khu 3, xã Lâm Thao, tỉnh Phú Thọ",
    "phone": "0912 345 678",
    "email": "hang@example.vn",
}
PROCEDURE = "Đăng ký khai sinh"
DESK = "Trung tâm Phục vụ hành chính công Lâm Thao"
SIGNER = {"lines": ["TM. Ủy ban nhân dân", "Chủ tịch"], "name": "Trần Văn Minh"}
OFFICER = "Phạm Thu Hà"
RECEIVED, DUE, LATER = "2026-03-10T09:05", "2026-03-13T09:05", "2026-03-16T17:00"
MOVE = {
    "giver": "Phạm Thu Hà (Trung tâm)",
    "receiver": "Lê Quang (Tư pháp)",
    "at": "2026-03-10T10:30",
    "entry": "1207",
    "result": "Trước hạn",
    "remark": "Chuyển xử lý",
}
ENTRY = {
    "serial": "42",
    "code": CODE,
    "procedure": PROCEDURE,
    "applicant": APPLICANT["name"],
    "contact": "Khu 3, xã Lâm Thao; 0912 345 678",
    "agency": "Ủy ban nhân dân xã Lâm Thao",
    "received_at": RECEIVED,
    "due_at": DUE,
    "returned_at": None,
    "way": "Tại quầy",
    "signed": "Nguyễn Thị Hằng",
}


def _form(symbol: str, **facts: Any) -> dict[str, Any]:
    return HEAD | {"number": f"7/{symbol}TTPVHCC", "code": CODE, "lookup": LOOKUP} | facts


FACTS: dict[str, dict[str, Any]] = {
    "receipt": _form(
        "",
        desk=DESK,
        applicant=APPLICANT,
        mandatary=APPLICANT | {"name": "Đỗ Mạnh Cường", "paper": "Văn bản ủy quyền điện tử"},
        procedure=PROCEDURE,
        case="Có yếu tố nước ngoài",
        components=[{"name": "Giấy chứng sinh", "count": 1, "form": "Bản điện tử"}],
        sets=1,
        limit="3 ngày làm việc",
        received_at=RECEIVED,
        due_at=DUE,
        return_way="Tại quầy một cửa",
        fee="Không",
        book="2026",
        book_line="42",
        submitter="Đỗ Mạnh Cường",
        receiver=OFFICER,
    ),
    "supplement": _form(
        "PBS-",
        desk=DESK,
        applicant={name: value for name, value in APPLICANT.items() if name != "id_number"},
        procedure=PROCEDURE,
        items=[
            {"text": "Ảnh giấy chứng sinh rõ cả bốn góc", "reason": "Thiếu góc dưới"},
            {"text": "Giấy xác nhận", "reason": ""},
        ],
        reason="Ảnh mờ",
        arose="Giấy chứng sinh được cấp lại ngày 09/03/2026",
        phone="0210 3825 001",
        officer=OFFICER,
    ),
    "refusal": _form(
        "PTC-",
        desk=DESK,
        applicant=APPLICANT,
        procedure=PROCEDURE,
        ground="Không thuộc thẩm quyền giải quyết của cơ quan.",
        reason="Nộp tại Sở Tư pháp.",
        submitter=APPLICANT["name"],
        officer=OFFICER,
    ),
    "apology": _form(
        "PXL-",
        addressee=APPLICANT["name"],
        received_at=RECEIVED,
        promised_at=DUE,
        new_due_at=LATER,
        applicant={"name": APPLICANT["name"], "id_number": APPLICANT["id_number"]},
        procedure=PROCEDURE,
        reason="Chờ kết quả xác minh của nơi cư trú trước đây.",
        signer=SIGNER,
    ),
    "control": _form(
        "PKS-",
        competent="Ủy ban nhân dân xã Lâm Thao",
        cooperating=["Công an xã Lâm Thao", "Sở Tư pháp tỉnh Phú Thọ"],
        procedure=PROCEDURE,
        received_at=RECEIVED,
        due_at=DUE,
        moves=[MOVE],
        maker=OFFICER,
    ),
    "register": HEAD
    | {
        "number": "2026/STD-TTPVHCC",
        "book": "2026",
        "criteria": [["Từ ngày", "01/03/2026"]],
        "entries": [ENTRY],
        "keeper": OFFICER,
    },
    "stopping": _form(
        "TBD-",
        applicant=APPLICANT,
        procedure=PROCEDURE,
        received_at=RECEIVED,
        at_request=False,
        ground="Quá thời hạn bổ sung hồ sơ.",
        reason="Gia đình đã đăng ký nơi khác.",
        stopped_on="2026-03-11",
        signer=SIGNER,
    ),
    "payment": _form(
        "TBNT-",
        desk=DESK,
        phone="0210 3825 001",
        applicant=APPLICANT,
        procedure=PROCEDURE,
        what="Lệ phí trước bạ",
        amount="150.000 đ",
        pay_by="2026-04-09T09:00",
        officer=OFFICER,
    ),
    "handover": HEAD
    | {
        "number": "3/PBG-TTPVHCC",
        "giving": DESK,
        "receiving": "Bộ phận Tư pháp",
        "handed_over_at": RECEIVED,
        "entries": [
            {
                "code": CODE,
                "procedure": PROCEDURE,
                "applicant": APPLICANT["name"],
                "papers": 2,
                "due_at": DUE,
            }
        ],
        "giver": OFFICER,
        "receiver": "Lê Quang",
    },
    "letter": {
        "superior": "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ",
        "agency": HEAD["superior"],
        "number": "01/TB-TTPVHCC",
        "place": HEAD["place"],
        "registered_on": HEAD["issued_on"],
        "accepted_on": "2026-03-09",
        "code": CODE,
        "applicant": APPLICANT,
        "procedure": PROCEDURE,
        "reason": "Trẻ đã được đăng ký khai sinh ở nơi khác.",
        "legal_basis": "Luật Hộ tịch 60/2014/QH13, Điều 13",
        "signer": SIGNER | {"title": "Chủ tịch"},
        "verify": {
            "code": "ABCD-EFGH-JKLM",
            "url": "http://127.0.0.1:8000/verify/",
            "qr": qr_svg("http://127.0.0.1:8000/verify/"),
        },
    },
    "return": _form(
        "GNKQ-",
        applicant=APPLICANT,
        procedure=PROCEDURE,
        result={"name": "Giấy khai sinh", "number": "01/2026"},
        returned_at=LATER,
        way="Qua bưu chính công ích",
        tracking="EB123456785VN",
        receiver=APPLICANT["name"],
        officer=OFFICER,
    ),
}
