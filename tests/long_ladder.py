"""The small organisation with a ladder of six levels, each of another kind, and somebody on each."""

from tests.casework import SMALL

LADDER = """  - {level: assignee, remind_at: [50%, 90%]}
  - {level: deputy, remind_at: 50%}
  - {level: national_owner, repeat_every: 1d}
"""
LEVELS = """  - {level: assignee}
  - {level: deputy, targets: {acknowledge: 10m}}
  - {level: referent}
  - {level: neighbour}
  - {level: national_owner}
  - {level: executive, repeat_every: 1d}
"""
MORE_PEOPLE = """\
  - {id: rita, name: Rita, role: director, language: fr, email: rita@small.example, referent_of: [works]}
  - {id: sam, name: Sam South, role: director, language: fr, email: sam@small.example, regions: [south]}
  - {id: eva, name: Eva Executive, role: executive, language: fr, email: eva@small.example}
routing:
  - {region: south, to: sam}
"""
LONG = (
    SMALL.read_text()
    .replace("    name: North\n", "    name: North\n    neighbours: [south]\n")
    .replace("routing:\n", MORE_PEOPLE)
    .replace(LADDER, LEVELS)
)
UP = ["denis", "rita", "sam", "nora", "eva"]
"""Who stands above dora, one after the other."""
