"""`make bench`: every benchmark, one table each."""

import asyncio

from bench import cost

asyncio.run(cost.main())
