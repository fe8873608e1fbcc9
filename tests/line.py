"""The small organisation with a team: two agents of a partner share the works in the north."""

from tests.casework import SMALL

TEAM = """teams:
  - id: line
    name: {fr: Ligne, en: Line}
    members: [paula, petra]
    share: round_robin
"""
WITH_A_TEAM = (
    SMALL.read_text()
    .replace(
        "routing:\n",
        '  - {id: paula, name: Paula, role: partner, language: en, phone: "+33639980051", deputy: denis}\n'
        '  - {id: petra, name: Petra, role: partner, language: en, phone: "+33639980052"}\n'
        f"{TEAM}routing:\n",
    )
    .replace("to: dora", "to: line")
)
LOADED = WITH_A_TEAM.replace("share: round_robin", "share: least_loaded")
FULL = WITH_A_TEAM.replace("share: round_robin", "ceiling: 1")
