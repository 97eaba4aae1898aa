"""The HTTP API keeps what its OpenAPI document promises, whatever it is asked (schemathesis as the judge)."""

import contextlib
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance

from tests.catalogue.views.ckan import token_of
from tests.site.content import table_with_places

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
# Who sends no token is answered 403, as everywhere in Tandem, not 401; and what fits the description may still ask
# for a dataset that there is not, or be no SQL.
LEFT_OUT = [missing_required_header, positive_data_acceptance]


def closing(application: Any) -> Any:
    """Return the application as a server runs it: every answer is closed, which the judge's transport forgets."""

    def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with contextlib.closing(application(environ, start_response)) as answer:
            return [b"".join(answer)]

    return served


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", closing(get_wsgi_application()))


@schema.parametrize()
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
def test_every_answer_is_as_it_is_described(case: Any, published: str):
    case.call_and_validate(excluded_checks=LEFT_OUT)


@schema.parametrize()
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
def test_so_it_is_for_somebody_who_may_do_everything(case: Any, token: str):
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=LEFT_OUT)


@pytest.fixture
def token(published: str) -> str:
    return token_of("publisher")


@pytest.fixture
def published() -> str:
    return table_with_places().slug
