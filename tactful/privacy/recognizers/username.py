"""User names and handles, when a word says that they are."""

from tactful.privacy.recognizers.patterns import recognizer

USERNAME = recognizer(
    "user name",
    "USERNAME",
    r"(?<=\b(?:user\s?name|user\s?id|login(?:\sname|\sid)?|screen\sname|nick(?:name)?|handle|gamertag|account\sname)(?:\s?(?:is|was|:|=|-)){1,2}\s{0,2}[\"']?)(?!(?:not|wrong|incorrect|invalid|required|the|a|an|and|or|on)\b)@?[\w.-]{3,40}(?<![.-])",
    r"(?<![\w.@/])@[A-Za-z_]\w{2,30}(?![\w@]|\.\w)",
    score=0.85,
)
