"""Rows of the exchange: thin, one module for each thing that people do."""

from tandem.exchange.models.adoptions import Adoption, WaitingBundle
from tandem.exchange.models.feeds import OwnEvent, PartnerEvent, PartnerFeed
from tandem.exchange.models.indicators import AdoptedIndicator, IndicatorData, IndicatorValue
from tandem.exchange.models.keys import PartnerKey
from tandem.exchange.models.matching import (
    ResultCity,
    ResultPair,
    Round,
    RoundAnswer,
    RoundCity,
    RoundProposal,
    RoundResult,
    RoundStep,
)
from tandem.exchange.models.measures import (
    Evidence,
    Measure,
    MeasurePart,
    MeasureStep,
    MeasureVersion,
    Watch,
)
from tandem.exchange.models.receipts import Receipt
from tandem.exchange.models.tandems import (
    AgendaItem,
    Decision,
    LogEntry,
    Tandem,
    TandemCost,
    TandemMember,
    Topic,
    Visit,
)

__all__ = [
    "AdoptedIndicator",
    "Adoption",
    "AgendaItem",
    "Decision",
    "Evidence",
    "IndicatorData",
    "IndicatorValue",
    "LogEntry",
    "Measure",
    "MeasurePart",
    "MeasureStep",
    "MeasureVersion",
    "OwnEvent",
    "PartnerEvent",
    "PartnerFeed",
    "PartnerKey",
    "Receipt",
    "ResultCity",
    "ResultPair",
    "Round",
    "RoundAnswer",
    "RoundCity",
    "RoundProposal",
    "RoundResult",
    "RoundStep",
    "Tandem",
    "TandemCost",
    "TandemMember",
    "Topic",
    "Visit",
    "WaitingBundle",
    "Watch",
]
