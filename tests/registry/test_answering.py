"""Which source speaks about a person, and what is known where no row stands."""

import pytest

from registry.answering import sources_about, speaking
from registry.asking import ask
from registry.insurance import AgencyFamily
from registry.models import SourceState
from registry.roles import acting_as
from tests.cast import BEIJING, CAST, HANGZHOU, SHANGHAI, TODAY, months_ago
from tests.living import person_of, refuse

pytestmark = pytest.mark.django_db
KINDS = ["skills", "benefits", "unemployment"]


def sources(member, **more):
    return sources_about(person_of(member), KINDS, TODAY, **more)


def test_the_areas_where_she_is_enrolled_speak():
    assert sources(CAST.wang).of("skills").area_id == BEIJING
    assert sources(CAST.zheng).of("skills").area_id == HANGZHOU


def test_who_is_enrolled_nowhere_is_known_by_her_card():
    assert {state.area_id for state in sources(CAST.sun).states} == {BEIJING}


def test_only_enrolments_in_some_schemes_may_count():
    person = person_of(CAST.wang)
    with acting_as("job"):
        person.enrolments.filter(scheme="medical").update(area=SHANGHAI)
    of_medical = sources_about(person, KINDS, TODAY, ["medical"])
    assert {state.area_id for state in of_medical.states} == {SHANGHAI}
    assert {state.area_id for state in sources(CAST.wang).states} == {BEIJING, SHANGHAI}


def test_further_areas_may_be_named():
    [states] = ask(speaking(person_of(CAST.wang), *KINDS, areas=[HANGZHOU]))
    assert {state.area_id for state in states} == {BEIJING, HANGZHOU}


def test_the_family_that_keeps_the_record_answers():
    assert sources(CAST.wang).of("benefits").agency.family == AgencyFamily.HUMAN_RESOURCES
    assert sources(CAST.wang).of_insurance("benefits", "medical").agency.family == AgencyFamily.MEDICAL_SECURITY
    assert sources(CAST.wang).of("skills", AgencyFamily.MEDICAL_SECURITY) is None


def test_none_is_known_only_of_a_complete_source(as_job):
    assert sources(CAST.wang).judge([], "skills").is_none
    with as_job():
        SourceState.objects.filter(kind="skills").update(complete_to=months_ago(3))
    told = sources(CAST.wang).judge([], "skills")
    assert not told.is_none and not told.is_known
    assert sources(CAST.wang).judge(["a skill"], "skills").is_known


def test_a_refused_source_goes_before_all_others():
    refuse("skills")
    told = sources(CAST.wang)
    assert told.of("skills").refused_at is not None
    assert not told.judge([], "skills").is_none


def test_queries(django_assert_num_queries):
    person = person_of(CAST.wang)
    assert person.record_ids
    with django_assert_num_queries(1):
        sources_about(person, KINDS, TODAY)
