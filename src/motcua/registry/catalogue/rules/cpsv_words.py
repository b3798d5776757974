"""Words that descriptions of public services share, by language. Pure."""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str]

CHANNELS: Mapping[str, Texts] = {
    "online": {"vi": "Trực tuyến", "en": "Online", "de": "Online"},
    "counter": {"vi": "Tại bộ phận một cửa", "en": "At the counter", "de": "Am Schalter"},
    "post": {"vi": "Qua bưu chính công ích", "en": "By post", "de": "Per Post"},
}
LEVELS: Mapping[str, Texts] = {
    "commune": {
        "vi": "Ủy ban nhân dân cấp xã",
        "en": "People's Committee of the commune",
        "de": "Volkskomitee der Gemeinde",
    },
    "province": {
        "vi": "Cơ quan chuyên môn cấp tỉnh",
        "en": "Department of the province",
        "de": "Fachbehörde der Provinz",
    },
    "ministry": {"vi": "Bộ, cơ quan ngang bộ", "en": "Ministry", "de": "Ministerium"},
    "other": {"vi": "Cơ quan khác", "en": "Another agency", "de": "Andere Behörde"},
}
FEE: Texts = {"vi": "Phí, lệ phí", "en": "Fee", "de": "Gebühr"}
LIMIT: Texts = {"vi": "Thời hạn giải quyết", "en": "Time limit by law", "de": "Gesetzliche Frist"}
STEPS: Texts = {"vi": "Trình tự thực hiện", "en": "How it goes", "de": "Ablauf"}
WHO: Texts = {"vi": "Đối tượng thực hiện", "en": "Who may apply", "de": "Wer den Antrag stellen darf"}
VIETNAM: Texts = {"vi": "Việt Nam", "en": "Viet Nam", "de": "Vietnam"}
VIETNAMESE: Texts = {"vi": "Tiếng Việt", "en": "Vietnamese", "de": "Vietnamesisch"}
DONG: Texts = {"vi": "Đồng Việt Nam", "en": "Vietnamese dong", "de": "Vietnamesischer Dong"}
IN_USE: Texts = {"vi": "Đang thực hiện", "en": "In use", "de": "In Kraft"}
WITHDRAWN: Texts = {"vi": "Đã bãi bỏ", "en": "Withdrawn", "de": "Aufgehoben"}
CATALOGUE: Texts = {
    "vi": "Danh mục thủ tục hành chính",
    "en": "Catalogue of administrative procedures",
    "de": "Verzeichnis der Verwaltungsverfahren",
}
CATALOGUE_SAYS: Texts = {
    "vi": "Các thủ tục hành chính được công bố tại đây: hồ sơ, thời hạn, lệ phí, kết quả và căn cứ pháp lý.",
    "en": "The administrative procedures published here: papers, time limits, fees, results and legal basis.",
    "de": "Die hier veröffentlichten Verwaltungsverfahren: Unterlagen, Fristen, Gebühren, Ergebnisse, Recht.",
}
