"""What the pages say, in three languages."""

from __future__ import annotations

LANGUAGES = ("vi", "en", "de")

TEXTS = {
    "vi": {
        "title": "Đăng nhập giả lập",
        "stand_in": "Đây là trang giả lập thay cho VNeID",
        "made_up": (
            "Không phải dịch vụ của Nhà nước. Tất cả mọi người ở đây đều không có thật. Không cần mật khẩu."
        ),
        "choose": "Bạn muốn đăng nhập là ai?",
        "number": "Số định danh",
        "passport": "Hộ chiếu",
        "deny": "Không đăng nhập, quay lại",
        "refused_title": "Không thể đăng nhập",
        "refused": "Yêu cầu đăng nhập có lỗi, nên không thể quay lại trang đã gửi bạn đến đây.",
        "detail": "Chi tiết kỹ thuật",
    },
    "en": {
        "title": "Practice sign-in",
        "stand_in": "This is a stand-in for VNeID",
        "made_up": "It is not a service of the State. All people here are made up. No password is needed.",
        "choose": "Who do you want to sign in as?",
        "number": "Personal number",
        "passport": "Passport",
        "deny": "Do not sign in, go back",
        "refused_title": "Sign-in is not possible",
        "refused": (
            "The request to sign in has a fault, so there is no way back to the page that sent you here."
        ),
        "detail": "Technical detail",
    },
    "de": {
        "title": "Anmeldung zum Üben",
        "stand_in": "Diese Seite steht für VNeID",
        "made_up": (
            "Sie ist kein Dienst des Staates. Alle Menschen hier sind erfunden. Ein Kennwort ist nicht nötig."
        ),
        "choose": "Als wer möchten Sie sich anmelden?",
        "number": "Personennummer",
        "passport": "Reisepass",
        "deny": "Nicht anmelden, zurück",
        "refused_title": "Anmeldung nicht möglich",
        "refused": (
            "Die Anfrage zur Anmeldung ist fehlerhaft. Ein Weg zurück zur vorigen Seite ist nicht bekannt."
        ),
        "detail": "Technische Angabe",
    },
}


def choose_language(ui_locales: str, accepted: str | None) -> str:
    """The first known tag of `ui_locales` (apart by spaces), else `accepted`, else vi.

    Source: OpenID Connect Core 3.1.2.1.
    """
    for tag in ui_locales.split():
        if (language := tag.split("-")[0].lower()) in LANGUAGES:
            return language
    return accepted or LANGUAGES[0]
