"""The one sandbox in which workflows run: in the worker, in the replayer and in tests."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH = ("models", "workflows.ports")
"""Imported once and shared, so that a class is the same class on both sides of the converter."""


def sandboxed_runner() -> SandboxedWorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)
