"""How a report may call who issued it, so that its own numbers are not taken for another's."""

from __future__ import annotations

import pytest

from pipeline.parse import department_names
from pipeline.rows import _township_names


@pytest.mark.parametrize(
    ("issuer", "called"),
    [
        ("示范县应急管理局", {"示范县应急管理局", "应急管理局", "应急局", "我局", "全局"}),
        ("示范区人力资源和社会保障局", {"人力资源和社会保障局", "人社局"}),
        ("示范市卫生健康委员会", {"卫生健康委员会", "卫健委", "我委", "全委"}),
    ],
)
def test_a_department_is_known_by_its_short_names(issuer: str, called: set[str]) -> None:
    region = issuer[:3]
    known = {name.removeprefix(region) for name in department_names(issuer)} | set(department_names(issuer))
    assert called <= known


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("青山镇人民政府关于2022年度法治政府建设情况的报告", "青山镇"),
        ("示范区人民政府北湖街道办事处关于2023年度法治政府建设情况的报告", "北湖街道"),
        ("示范市青山镇2024年法治政府建设年度报告", "青山镇"),
        ("中共石门乡委员会 石门乡人民政府关于2021年法治政府建设工作的报告", "石门乡"),
        ("新乡市2020年法治政府建设情况报告", None),
        ("景德镇市人民政府2020年法治政府建设情况报告", None),
        ("西乡县2021年法治政府建设情况报告", None),
    ],
)
def test_a_township_is_known_by_its_title(title: str, name: str | None) -> None:
    assert _township_names(title) == ((name,) if name else ())
