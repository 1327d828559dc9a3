"""One object has one shape, whether it is listed, created or read."""

import pytest

JOB = {"type": "details", "targets": ["B000000001"], "config": {"lang": "de-DE"}}
HOOK = {"url": "https://hooks.example.com/", "events": ["job.completed"]}
RESOURCES = [
    # where it is listed and created, where it is read, body, fields that one of them alone has by contract
    ("/projects", "/projects/{id}", {"name": "One"}, set()),
    ("/projects/{project}/jobs", "/jobs/{id}", JOB, {"targets"}),
    ("/projects/{project}/schedules", "/schedules/{id}", {"cron": "0 8 * * *", "crawlConfig": JOB}, set()),
    ("/projects/{project}/webhooks", "/webhooks/{id}", HOOK, {"secret"}),
    ("/projects/{project}/api-keys", "/projects/{project}/api-keys/{id}", {"name": "One"}, {"key"}),
]


@pytest.mark.parametrize(
    ("path", "one", "body", "own"), RESOURCES, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_one_object_has_one_shape(tenant, path, one, body, own):
    path = path.format(project=tenant.project_id)
    created = (await tenant.http.post(path, json=body)).json()["data"]
    listed = next(item for item in (await tenant.http.get(path)).json()["data"] if item["id"] == created["id"])
    shapes = [set(created) - own, set(listed) - own]
    read = await tenant.http.get(one.format(project=tenant.project_id, id=created["id"]))
    if read.status_code != 405:  # keys are listed alone
        shapes.append(set(read.json()["data"]) - own)
    assert all(shape == shapes[0] for shape in shapes)
