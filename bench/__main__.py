"""`make bench`: every benchmark, one table each. `python -m bench board` runs that one alone.

`--large` lets the board read a million cases too, which take some minutes to fill.
"""

import asyncio
import logging
import sys

import structlog
import uvloop

from bench import board, carrier, cost, intake, kills, lateness, pages, rules

ALL = {"cost", "intake", "board", "lateness", "pages", "carrier", "kills"}

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
wanted = ALL & set(sys.argv) or ALL
if "cost" in wanted:
    asyncio.run(cost.main())
    asyncio.run(rules.main())
if "intake" in wanted:
    asyncio.run(intake.main())
if "board" in wanted:
    asyncio.run(board.main(large="--large" in sys.argv))
if "lateness" in wanted:
    uvloop.run(lateness.main())
if "pages" in wanted:
    asyncio.run(pages.main())
if "carrier" in wanted:
    asyncio.run(carrier.main())
if "kills" in wanted:
    asyncio.run(kills.main())
