"""What the page says, in three languages."""

from __future__ import annotations

LANGUAGES = ("vi", "en", "de")

TEXTS = {
    "vi": {
        "title": "Tin nhắn giả lập",
        "stand_in": "Đây là trang giả lập thay cho cổng SMS",
        "made_up": "Không có tin nhắn nào thật sự được gửi đi. Các số điện thoại ở đây đều không có thật.",
        "empty": "Chưa có tin nhắn nào.",
        "play": "Giả lập sự cố cho ba tin nhắn tiếp theo",
        "now": "Đang giả lập",
        "lost": "không đến nơi",
    },
    "en": {
        "title": "Practice SMS",
        "stand_in": "This is a stand-in for an SMS gate",
        "made_up": "No message is really sent. All numbers here are made up.",
        "empty": "There are no messages yet.",
        "play": "Play a fault for the next three messages",
        "now": "Playing now",
        "lost": "did not arrive",
    },
    "de": {
        "title": "SMS zum Üben",
        "stand_in": "Diese Seite steht für ein SMS-Gateway",
        "made_up": "Keine Nachricht wird wirklich versandt. Alle Nummern hier sind erfunden.",
        "empty": "Noch gibt es keine Nachrichten.",
        "play": "Für die nächsten drei Nachrichten eine Störung spielen",
        "now": "Gespielt wird",
        "lost": "nicht angekommen",
    },
}
