"""The same as backend.ts, which must give the same templates: `backend.py <cdk.out>`."""

import sys

from aws_cdk import App, Environment
from dataworks.backend_bootstrap import BackendParameter, BackendStack, CircleCiProject, EnvironmentPlace, ToolkitStack


def backend(outdir: str) -> None:
    app = App(outdir=outdir)
    env = Environment(account="222222222222", region="eu-central-1")
    stack = BackendStack(
        app,
        "Backend",
        env=env,
        project="dataworks",
        environment="test",
        production=False,
        owner="data-platform",
        circle_ci=CircleCiProject(
            organization_id="3f0c7a52-1d0e-4b6e-9a3e-0d4c9d6a7b11",
            project_id="8a6f2c0d-52c3-4f6e-8a0e-7c1f3b9d2e44",
            repository="github.com/acme/lake",
        ),
        after=EnvironmentPlace(environment="dev", account="111111111111"),
        record_readers=[EnvironmentPlace(environment="prod", account="333333333333")],
        administrators=["arn:aws:iam::222222222222:role/platform-admin"],
    )
    toolkit = ToolkitStack(app, "Toolkit", env=env, project="dataworks", environment="test", production=False)
    toolkit.template_options.metadata = {"StateBucket": stack.names.parameter(BackendParameter.STATE_BUCKET)}
    app.synth()


backend(sys.argv[1])
