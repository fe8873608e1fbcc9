"""What is played on skipped time: Temporal's time-skipping server, a clock that shows its time, and
secrets that nobody keeps.
"""

import base64
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from temporalio.testing import WorkflowEnvironment

from settings import Settings
from temporal_client import DATA_CONVERTER


@dataclass(slots=True)
class SkippedClock:
    """The test server's time, for the stamps that are not the workflow's."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


async def skipping_server() -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
        data_converter=DATA_CONVERTER,
    )


def invented_settings(folder: Path, sources: Mapping[str, SecretStr] | None = None) -> Settings:
    return Settings(
        state_dir=folder,
        api_token=SecretStr(secrets.token_hex()),
        data_key=SecretStr(base64.b64encode(secrets.token_bytes(32)).decode()),
        session_key=SecretStr(secrets.token_hex()),
        webhook_secrets=sources or {},
    )
