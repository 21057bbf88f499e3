"""Trip advice: a catalogue of destinations and a recommender that gives its reasons."""

from tactful.travel.advice import Advice
from tactful.travel.recommender import recommend

__all__ = ["Advice", "recommend"]
