"""A bare endpoint: it verifies one signature and commits one row. What the door of Rappel is compared with.

`python -m bench.bare PORT DATABASE_URL SECRET` serves it as `rappel web` is served.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, insert
from uuid_utils.compat import uuid7

from models.store.database import Database
from models.vault import Vault
from surveys import signature

ROWS = Table(
    "rows",
    MetaData(),
    Column("id", String(36), primary_key=True),
    Column("at", String(32)),
    Column("body", LargeBinary),
)


def bare_app(url: str, secret: str) -> FastAPI:
    database = Database(url, Vault(bytes(32)))

    @asynccontextmanager
    async def lives(_app: FastAPI) -> AsyncIterator[None]:
        async with database.write() as session:
            connection = await session.connection()
            await connection.run_sync(ROWS.metadata.create_all)
        yield
        await database.close()

    app = FastAPI(lifespan=lives)

    @app.post("/webhooks/survey")
    async def take(request: Request) -> JSONResponse:
        body = await request.body()
        signature.verify(dict(request.headers), body, secret)
        row = {"id": str(uuid7()), "at": datetime.now(UTC).isoformat(), "body": body}
        async with database.write() as session:
            connection = await session.connection()
            await connection.execute(insert(ROWS).values(**row))
        return JSONResponse({"id": row["id"]}, 202)

    return app


if __name__ == "__main__":
    port, url, secret = sys.argv[1:]
    uvicorn.run(bare_app(url, secret), port=int(port), access_log=False, log_level="warning")
