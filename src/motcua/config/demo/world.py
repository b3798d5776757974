"""The demonstration's made-up world: real places of Phú Thọ, the usual posts, people who do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from motcua.casework.packs.services import load_pack
from motcua.config.demo.demo_images import draw_seal, draw_signature
from motcua.config.demo.hall import set_up_hall
from motcua.foundation.installation.models import Installation
from motcua.foundation.installation.services import become
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.signatures.keys import issue_signing_key, make_authority
from motcua.registry.organisations.models import Agency, Officer
from motcua.registry.organisations.selectors import find_agency_of_place
from motcua.registry.organisations.services import (
    TWO_LEVELS_SINCE,
    NewAgency,
    NewOfficer,
    Seal,
    Target,
    enter_agency,
    enter_officer,
    load_province,
    set_seal_image,
    set_signature_image,
)
from motcua.registry.places.models import Place
from motcua.registry.places.services import load_places

# H44 is Phú Thọ's code; that communes get H44.<GSO code> is an example until the province decides otherwise.
PROVINCE = {"code": "H44", "name": "Tỉnh Phú Thọ", "place_code": "25"}
# Kỳ Sơn and Thanh Ba, two communes of the province, each with officers of its own.
COMMUNES = {"04894": ("Đỗ Thị Mẫu Hiền", "Hoàng Mẫu Đức", "Trần Mẫu Xây", "Đặng Thị Mẫu Nhân", "Phan Thị Mẫu Hà",
                      "Tạ Mẫu Phương", "Đoàn Mẫu Thẩm"),
            "08152": ("Lê Mẫu Thuận", "Vũ Thị Mẫu Loan", "Cao Mẫu Dựng", "Kiều Thị Mẫu Ái", "Bùi Mẫu Sơn",
                      "Mai Thị Mẫu Thu", "Lý Thị Mẫu Duyệt")}  # fmt: skip
OFFICERS = (
    NewOfficer(
        username="reception",
        full_name="",
        unit_code="one_stop_desk",
        unit_name="Trung tâm Phục vụ hành chính công",
        title="Công chức tiếp nhận và trả kết quả",
        role="reception",
        symbol="TTPVHCC",
        # Certifies electronic copies of papers at the desk.
        signing_key="reception",
        telephone="0210 000 0001",
    ),
    NewOfficer(
        username="justice",
        full_name="",
        unit_code="office",
        unit_name="Văn phòng HĐND và UBND",
        title="Công chức tư pháp - hộ tịch",
        role="specialist",
        symbol="VP",
    ),
    # Examines building permits, household businesses and land certificates.
    NewOfficer(
        username="construction",
        full_name="",
        unit_code="economy",
        unit_name="Phòng Kinh tế",
        title="Chuyên viên Phòng Kinh tế",
        role="specialist",
        symbol="KT",
    ),
    NewOfficer(
        username="social",
        full_name="",
        unit_code="culture",
        unit_name="Phòng Văn hóa - Xã hội",
        title="Chuyên viên Phòng Văn hóa - Xã hội",
        role="specialist",
        symbol="VHXH",
    ),
    NewOfficer(
        username="chair",
        full_name="",
        unit_code="leadership",
        unit_name="Lãnh đạo Ủy ban nhân dân",
        title="Chủ tịch",
        role="leader",
        symbol="UBND",
        signing_key="chair",
        rank="head",
    ),
    # Reads, and signs nothing until the chair delegates.
    NewOfficer(
        username="deputy",
        full_name="",
        unit_code="leadership",
        unit_name="Lãnh đạo Ủy ban nhân dân",
        title="Phó Chủ tịch",
        role="reader",
        symbol="UBND",
        signing_key="deputy",
        rank="deputy",
    ),
    # Reviews what the division drafts, and may do its tasks.
    NewOfficer(
        username="economy",
        full_name="",
        unit_code="economy",
        unit_name="Phòng Kinh tế",
        title="Trưởng phòng Kinh tế",
        role="specialist",
        symbol="KT",
    ),
)
# Departments that communes ask for their opinion: codes of packs/vn/departments.yaml; agency codes are examples.
DEPARTMENTS = (
    (
        NewAgency(code="H44.SXD", name="Sở Xây dựng", level="department", valid_from=TWO_LEVELS_SINCE),
        NewOfficer(
            username="demo.construction.H44",
            full_name="Ngô Mẫu Kiến",
            unit_code="construction",
            unit_name="Phòng Quản lý xây dựng",
            title="Chuyên viên Sở Xây dựng",
            role="specialist",
            symbol="SXD",
        ),
    ),
    (
        NewAgency(
            code="H44.SNNMT",
            name="Sở Nông nghiệp và Môi trường",
            level="department",
            valid_from=TWO_LEVELS_SINCE,
        ),
        NewOfficer(
            username="demo.agriculture.H44",
            full_name="Đào Thị Mẫu Địa",
            unit_code="agriculture",
            unit_name="Văn phòng đăng ký đất đai",
            title="Chuyên viên đăng ký đất đai",
            role="specialist",
            symbol="SNNMT",
        ),
    ),
)
# At the province, for all agencies.
OVERSEERS = (
    NewOfficer(
        username="demo.auditor",
        full_name="Ngô Thị Mẫu Thanh",
        unit_code="inspectorate",
        unit_name="Thanh tra tỉnh",
        title="Thanh tra viên",
        role="auditor",
        symbol="TTr",
        scope="/",
    ),
    NewOfficer(
        username="demo.operator",
        full_name="Trịnh Mẫu Vận",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Quản trị hệ thống",
        role="operator",
        symbol="VP",
        scope="/",
    ),
    NewOfficer(
        username="demo.administrator",
        full_name="Vi Thị Mẫu Quản",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Phó Chánh Văn phòng",
        role="administrator",
        symbol="VP",
        scope="/",
    ),
    NewOfficer(
        username="demo.support",
        full_name="Lương Mẫu Hỗ",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Cán bộ hỗ trợ người dùng",
        role="support",
        symbol="VP",
        scope="/",
    ),
    NewOfficer(
        username="demo.data-protection",
        full_name="Hà Thị Mẫu Bảo",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Cán bộ bảo vệ dữ liệu cá nhân",
        role="data_protection",
        symbol="VP",
        scope="/",
    ),
    NewOfficer(
        username="demo.catalogue",
        full_name="Nông Thị Mẫu Mục",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Chuyên viên kiểm soát thủ tục hành chính",
        role="catalogue",
        symbol="VP",
        scope="/",
    ),
    # The province's own: what one of the two changes the other reviews.
    NewOfficer(
        username="demo.catalogue.H44",
        full_name="Chu Mẫu Lục",
        unit_code="office",
        unit_name="Văn phòng UBND tỉnh",
        title="Chuyên viên kiểm soát thủ tục hành chính",
        role="catalogue",
        symbol="VP",
    ),
)
# Sees the figures of the whole province, and the dossiers behind them.
PROVINCE_LEADER = NewOfficer(
    username="demo.leader.H44",
    full_name="Quách Mẫu Tỉnh",
    unit_code="leadership",
    unit_name="Lãnh đạo Ủy ban nhân dân tỉnh",
    title="Phó Chủ tịch Ủy ban nhân dân tỉnh",
    role="leader",
    symbol="UBND",
)
CERTIFICATE_DAYS = 365
SEAL_MM = 34


def build_world(*, at: datetime) -> dict[str, int]:
    """Load pack, places, agencies, officers and their certificates. Repeatable: what is there stays.

    Returns counts for the terminal. Raises OtherKind in a real installation.
    """
    become(Installation.Kind.DEMO, at=at)
    load_places(at=at)
    province = load_province(**PROVINCE, at=at)
    counts = load_pack(actor=SYSTEM, path=settings.PACKS / "vn", at=at).counts
    make_authority(settings.SIGNATURES_DIR, name="motcua demo", at=at)
    _issue_key(settings.EXTRACT_KEY_REF, ("Thanh tra tỉnh (mẫu)", province.name, ""), at)
    for place_code, names in COMMUNES.items():
        agency = find_agency_of_place(place_code, at=timezone.localdate(at))
        if not agency:
            raise RuntimeError(f"the places data has no commune {place_code}")
        _staff(agency, names, at)
        set_up_hall(agency, at=at)
    for new, officer in DEPARTMENTS:
        department = Agency.objects.filter(code=new.code).first()
        if not department:
            department = enter_agency(actor=SYSTEM, superior=Target(province.id), new=new, at=at)
        enter_officer(agency=department, new=officer, at=at)
    for overseer in OVERSEERS:
        enter_officer(agency=province, new=overseer, at=at)
    return counts | {
        "communes": Agency.objects.filter(level="commune").count(),
        "places": Place.objects.count(),
    }


def enter_province_leader(*, at: datetime) -> None:
    """Of the demonstration alone: worked examples and tests know leaders of communes. Repeatable."""
    enter_officer(agency=Agency.objects.get(code=PROVINCE["code"]), new=PROVINCE_LEADER, at=at)


def _staff(agency: Agency, names: tuple[str, ...], at: datetime) -> None:
    for officer, name in zip(OFFICERS, names, strict=True):
        key = f"{officer.signing_key}-{agency.place_code}" if officer.signing_key else ""
        username = f"demo.{officer.username}.{agency.place_code}"
        new = replace(officer, username=username, full_name=name, signing_key=key)
        if key:
            _issue_key(key, (name, agency.name, officer.title), at)
        enter_officer(agency=agency, new=new, at=at)


def enter_pictures(*, at: datetime) -> None:
    """Give the communes' leaders made-up signatures and the communes seals, with keys of their own. Repeatable."""
    for officer in Officer.objects.filter(signature_image=None).exclude(signing_key=""):
        set_signature_image(officer_id=officer.id, png=draw_signature(officer.full_name), at=at)
    communes = Agency.objects.filter(place_code__in=COMMUNES, level="commune", seal_image=None)
    for agency in communes:
        key = f"seal-{agency.place_code}"
        _issue_key(key, (agency.name, agency.name, ""), at)
        picture = draw_seal(agency.name, PROVINCE["name"])
        set_seal_image(agency_id=agency.id, seal=Seal(picture, SEAL_MM, key), at=at)


def _issue_key(key_ref: str, subject: tuple[str, str, str], at: datetime) -> None:
    """A key and its certificate for (name, organisation, title), unless there is one."""
    if (settings.SIGNATURES_DIR / "keys" / f"{key_ref}.pem").exists():
        return
    person, organisation, title = subject
    issue_signing_key(
        settings.SIGNATURES_DIR,
        key_ref=key_ref,
        person=person,
        organisation=organisation,
        title=title,
        at=at,
        days=CERTIFICATE_DAYS,
    )
