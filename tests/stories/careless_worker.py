"""A worker whose carrier fails, and quotes the letter in its error as carriers do."""

import asyncio
from datetime import UTC, datetime

from activities.addressing import Addressing
from activities.case_records import CaseRecords
from activities.post_office import PostOffice
from machine.logs import set_up_logs
from machine.opening import opened_database
from machine.stopping import until_told_to_stop
from models.store.organisations import OrganisationBook
from models.store.outbox import Letter, Outbox
from settings import Settings, load_settings
from templates.messages import MessageTemplates
from temporal_client import connect_patiently
from worker import make_worker


class QuotingCarrier:
    async def post(self, letter: Letter) -> None:
        raise ConnectionError(f"{letter.address} does not answer to: {letter.body}")


async def run(settings: Settings) -> None:
    async with opened_database(settings) as database:
        post_office = PostOffice(Outbox(database), QuotingCarrier(), lambda: datetime.now(UTC))
        addressing = Addressing(database.vault, MessageTemplates(), settings.public_url)
        book = OrganisationBook(database.vault)
        records = CaseRecords(database, book, addressing, post_office.wake)
        client = await connect_patiently(embedded_port=settings.embedded_port)
        async with make_worker(client, records.commit):
            await post_office.run()


if __name__ == "__main__":
    told = load_settings()
    set_up_logs(told.log_format)
    asyncio.run(until_told_to_stop(run(told)))
