"""The HTTP API keeps what its OpenAPI document promises, whatever it is asked (schemathesis as the judge)."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings

from tests.site.content import table_with_places

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@schema.parametrize()
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
def test_every_answer_is_as_it_is_described(case: Any, published: str):
    case.call_and_validate()


@pytest.fixture
def published() -> str:
    return table_with_places().slug
