"""A handful of places in the form of the wheel's data: two communes of Phú Thọ, three of Hà Nội and Bắc Ninh."""

from __future__ import annotations

from motcua.registry.places.adapters.wheel import NationData

SAMPLE = NationData(
    source="sample",
    new={
        ("25",): "Tỉnh Phú Thọ",
        ("25", "04894"): "Phường Kỳ Sơn",
        ("25", "08152"): "Xã Thanh Ba",
        ("24",): "Tỉnh Bắc Ninh",
        ("24", "09529"): "Xã Lâm Thao",
        ("01",): "Thành phố Hà Nội",
        ("01", "00004"): "Phường Ba Đình",
        ("01", "00070"): "Phường Hoàn Kiếm",
    },
    old={
        ("17",): "Tỉnh Hòa Bình",
        ("17", "148"): "Thành phố Hòa Bình",
        ("17", "148", "04894"): "Phường Kỳ Sơn",
        ("17", "148", "04912"): "Xã Mông Hóa",
        ("25",): "Tỉnh Phú Thọ",
        ("25", "232"): "Huyện Thanh Ba",
        ("25", "232", "08152"): "Thị trấn Thanh Ba",
        ("25", "232", "08156"): "Xã Vân Lĩnh",
        ("27",): "Tỉnh Bắc Ninh",
        ("27", "264"): "Huyện Lương Tài",
        ("27", "264", "09535"): "Xã Lâm Thao",
        ("01",): "Thành phố Hà Nội",
        ("01", "002"): "Quận Hoàn Kiếm",
        ("01", "002", "00055"): "Phường Cửa Đông",
    },
    successions={
        ("17",): [("25",)],
        ("25",): [("25",)],
        ("27",): [("24",)],
        ("01",): [("01",)],
        ("17", "148", "04894"): [("25", "04894")],
        ("17", "148", "04912"): [("25", "04894")],
        ("25", "232", "08152"): [("25", "08152")],
        ("25", "232", "08156"): [("25", "08152")],
        ("27", "264", "09535"): [("24", "09529")],
        ("01", "002", "00055"): [("01", "00004"), ("01", "00070")],
    },
)
