"""What goes over the wire to and from an operator."""

from typing import Annotated, Self

from pydantic import Field

from azscraper.admin import Member, Organization, Stats
from azscraper.plans import Plan
from azscraper.web.schemas import Text, Timestamp, Wire


class OrganizationOut(Wire):
    """An organization and how large it is."""

    id: str
    name: str
    plan: str
    created_at: Timestamp
    users: int
    projects: int
    jobs: int

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """From the feature's value."""
        return cls(
            id=organization.id,
            name=organization.name,
            plan=organization.plan,
            created_at=organization.created_at,
            users=organization.users,
            projects=organization.projects,
            jobs=organization.jobs,
        )


class OrganizationChange(Wire):
    """The plan to put the organization on."""

    plan: Annotated[Text, Field(max_length=100, json_schema_extra={"format": "plan-name"})]


class MemberOut(Wire):
    """A user as an operator sees it."""

    id: str
    organization_id: str
    email: str
    name: str | None
    role: str
    disabled: bool
    created_at: Timestamp

    @classmethod
    def of(cls, member: Member) -> Self:
        """From the feature's value."""
        return cls(
            id=member.id,
            organization_id=member.organization_id,
            email=member.email,
            name=member.name,
            role=member.role,
            disabled=member.disabled,
            created_at=member.created_at,
        )


class MemberChange(Wire):
    """Whether the user is locked out."""

    disabled: Annotated[bool, Field(strict=True)]


class PlanOut(Wire):
    """A plan; a limit of null is unlimited."""

    name: str
    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """From the feature's value."""
        return cls(
            name=plan.name,
            jobs_per_month=plan.jobs_per_month,
            targets_per_month=plan.targets_per_month,
            exports_per_month=plan.exports_per_month,
        )


class StatsOut(Wire):
    """What the installation holds."""

    organizations: int
    users: int
    projects: int
    jobs: dict[str, int]
    """By status; a status that no job has is left out."""
    targets: int
    results: int

    @classmethod
    def of(cls, stats: Stats) -> Self:
        """From the feature's value."""
        return cls(
            organizations=stats.organizations,
            users=stats.users,
            projects=stats.projects,
            jobs=stats.jobs,
            targets=stats.targets,
            results=stats.results,
        )
