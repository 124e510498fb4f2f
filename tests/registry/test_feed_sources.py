"""A refused file puts its source in doubt; one that names no agency or area, every source it may have meant."""

import pytest
from django.utils.translation import override

from portal.feed import ALL_KINDS
from registry.feed.loader import FeedLoad
from registry.models import SourceState
from tests.cast import BEIJING, CAST, HANGZHOU, SHANGHAI

SKILLS = "姓名,证件类型,证件号码,证书编号,职业,等级,发证机构,发证日期"
UNEMPLOYMENT = "姓名,证件类型,证件号码,登记编号,区划代码,登记日期,终止日期,失业原因,核定月数,已领月数"
INJURIES = "姓名,证件类型,证件号码,认定书编号,机构编码,单位编号,受伤日期,认定日期,伤残等级,护理等级"
EVERYWHERE = {BEIJING, SHANGHAI, HANGZHOU}


@pytest.fixture
def load(db, as_job, tmp_path):
    """Load a file of these lines; gives the FeedLoad."""

    def run(header, *rows):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        path.write_text("\n".join([header, *(",".join(row) for row in rows), ""]), encoding="utf-8")
        with as_job(), override(None):
            return FeedLoad(path).run(ALL_KINDS)

    return run


def in_doubt(kind):
    return set(SourceState.objects.filter(kind=kind, refused_at__isnull=False).values_list("area", flat=True))


def skill(level="二级", day="2020-01-02"):
    return [*CAST.wang.p, "99S77", "焊工", level, "示范中心", day]


def test_a_file_without_agency_and_area_speaks_for_all(load):
    assert load(SKILLS, skill(day="2020-13-02")).is_refused
    assert in_doubt("skills") == EVERYWHERE
    assert in_doubt("unemployment") == set()
    assert not load(SKILLS, skill()).is_refused
    assert in_doubt("skills") == set()


def registered(area, used="1"):
    return [*CAST.wang.p, "SY1", area, "2024-08-05", "2025-01-05", "合同期满", "6", used]


def test_a_file_with_an_area_speaks_for_that_area(load):
    assert load(UNEMPLOYMENT, registered(SHANGHAI, used="9")).is_refused
    assert in_doubt("unemployment") == {SHANGHAI}
    assert not load(UNEMPLOYMENT, registered(BEIJING)).is_refused
    assert in_doubt("unemployment") == {SHANGHAI}


def test_a_line_without_an_agency_speaks_for_all(load):
    injury = [*CAST.wang.p, "GS1", "", "", "2024-05-06", "2024-06-06", "11", ""]
    assert load(INJURIES, injury).is_refused
    assert in_doubt("injuries") == EVERYWHERE
