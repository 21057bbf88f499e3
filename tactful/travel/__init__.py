"""Trip advice: a catalogue of destinations and a recommender that gives its reasons."""

from tactful.travel.recommender import Advice, recommend

__all__ = ["Advice", "recommend"]
