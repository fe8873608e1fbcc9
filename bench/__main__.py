"""`make bench`: every benchmark, one table each. `python -m bench board` runs that one alone.

`--large` lets the board read a million cases too, which take some minutes to fill.
"""

import asyncio
import sys

from bench import board, cost

wanted = {"cost", "board"} & set(sys.argv) or {"cost", "board"}
if "cost" in wanted:
    asyncio.run(cost.main())
if "board" in wanted:
    asyncio.run(board.main(large="--large" in sys.argv))
