"""`motcua demo`: the promise of the first command a newcomer types."""

from __future__ import annotations

import re

import pytest

from tests.running import Running

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]


def steps(told: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?m)^ ?(\d{1,2})  \S", told)]


def test_one_command_on_an_empty_folder_plays_the_whole_story(running: Running) -> None:
    assert running.story.returncode == 0, running.story.stdout + running.story.stderr
    assert steps(running.story.stdout) == list(range(1, 50))


def test_the_story_leaves_its_papers(running: Running) -> None:
    for name in ("receipt.pdf", "certificate.pdf", "changed.pdf", "journal-extract.pdf"):
        assert (running.var / "demo" / name).read_bytes().startswith(b"%PDF-"), name


def test_the_story_shows_what_follows_the_acts(running: Running) -> None:
    told = running.story.stdout
    assert "Her telephone got an SMS for each step" in told
    assert "PAdES B-LTA" in told
    assert "This entry stands in the sealed journal of Thanh tra tỉnh (mẫu)" in told
    assert "The journal is whole." in told


def test_the_story_shows_people_who_act_for_others(running: Running) -> None:
    told = running.story.stdout
    assert "You act for HỢP TÁC XÃ NÔNG NGHIỆP MẪU" in told
    assert re.search(r"Genuine and unchanged: .*KT\. Chủ tịch, Phó Chủ tịch", told)
    assert re.search(r"\d+ readings; latest: ", told)


def test_the_story_builds_with_a_supplement_opinions_and_a_review(running: Running) -> None:
    told = running.story.stdout
    assert "Start again, with the whole limit; due" in told
    assert re.search(r"3 tasks: .*Visit the site", told)
    assert "the owner reads all the time: “Opinions are asked for and the site is visited”" in told
    assert "the owner reads at both levels: “Before the signer”" in told
    picture = (running.var / "demo" / "building-permit.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and picture.count("is-now is-task") == 3


def test_the_story_uses_what_was_signed(running: Running) -> None:
    told = running.story.stdout
    assert re.search(r"Giấy phép xây dựng: Genuine and unchanged", told)
    assert re.search(r"Giấy xác nhận tình trạng hôn nhân \S+ .* from your documents", told)


def test_the_story_connects_a_program(running: Running) -> None:
    assert "3 filed, 0 refused" in running.story.stdout
    assert re.search(r"status 1; then 304", running.story.stdout)


def test_a_second_start_serves_what_is_there_and_does_not_play_again(running: Running) -> None:
    assert f"citizens  {running.base}/" in running.again
    assert steps(running.again) == []
