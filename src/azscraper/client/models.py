"""What the service answers, under the names that the client gives it: the same models that the service writes.

They are frozen. Fields that a newer service adds are passed over, and a status that it adds is read as its text.
"""

from typing import Literal

from azscraper.wire.about import KindOut as Kind
from azscraper.wire.about import MarketplaceOut as Marketplace
from azscraper.wire.access import ActorOut as Actor
from azscraper.wire.access import ApiKeyOut as ApiKey
from azscraper.wire.access import ChangedUser, Session
from azscraper.wire.access import EntryOut as AuditEntry
from azscraper.wire.access import HandoffOut as Handoff
from azscraper.wire.access import NewApiKeyOut as NewApiKey
from azscraper.wire.access import UserOut as User
from azscraper.wire.alerts import AlertOut as Alert
from azscraper.wire.alerts import AlertPreview, AlertTest, Marked
from azscraper.wire.alerts import NoticeOut as Notice
from azscraper.wire.channels import ChannelMessageOut as ChannelMessage
from azscraper.wire.channels import ChannelOut as Channel
from azscraper.wire.history import KeywordPointOut as KeywordPoint
from azscraper.wire.history import ProductPointOut as ProductPoint
from azscraper.wire.jobs import FillRateOut as FillRate
from azscraper.wire.jobs import JobBrief as JobState
from azscraper.wire.jobs import Progress
from azscraper.wire.jobs import SummaryOut as Summary
from azscraper.wire.jobs import TargetError as Failure
from azscraper.wire.jobs import TargetOut as Target
from azscraper.wire.lists import ItemOut as ListItem
from azscraper.wire.lists import ListOut as ProductList
from azscraper.wire.lists import PostedJobOut as PostedJob
from azscraper.wire.lists import PutOut as PutItems
from azscraper.wire.lists import RemovedOut as RemovedItems
from azscraper.wire.projects import ProjectOut as Project
from azscraper.wire.projects import ThresholdsOut as ChangeThresholds
from azscraper.wire.referrals import OwnReferralOut as Referral
from azscraper.wire.referrals import RewardsOut as Rewards
from azscraper.wire.referrals import SignupOut as Signup
from azscraper.wire.rows import FailedTarget, RowMeta, StoredProduct, StoredSearchRow
from azscraper.wire.schedules import CrawlConfigOut as CrawlConfig
from azscraper.wire.schedules import ScheduleOut as Schedule
from azscraper.wire.sellers import ProductSellersOut as ProductSellers
from azscraper.wire.sellers import SellerOut as Seller
from azscraper.wire.series import ChangeOut as Change
from azscraper.wire.series import FieldStatisticsOut as FieldStatistics
from azscraper.wire.series import FoundProductOut as FoundProduct
from azscraper.wire.series import ImportedOut as Imported
from azscraper.wire.series import ProductStatisticsOut as ProductStatistics
from azscraper.wire.series import SeriesOut as Series
from azscraper.wire.shelf import KeywordStandingOut as KeywordStanding
from azscraper.wire.shelf import MovesOut as KeywordMoves
from azscraper.wire.shelf import ShelfOut as Shelf
from azscraper.wire.usage import CreditsOut as Credits
from azscraper.wire.usage import Monthly, Period, UsedThisMonth
from azscraper.wire.usage import TransactionOut as CreditEntry
from azscraper.wire.usage import UsageOut as Usage
from azscraper.wire.webhooks import DeliveryOut as Delivery
from azscraper.wire.webhooks import WebhookOut as Webhook
from azscraper.wire.webhooks import WebhookSecretOut as WebhookSecret

JobType = str
"""``search``, ``details``, or another of the service's kinds."""
OnInvalid = Literal["fail", "skip"]
JobStatus = Literal["queued", "running", "completed", "failed", "cancelled"]
TargetStatus = Literal["pending", "running", "success", "failed", "cancelled"]
DeliveryStatus = Literal["pending", "delivered", "failed"]
Step = Literal["hour", "day", "week", "month"]
ExportFormat = Literal["json", "csv", "ndjson", "parquet", "xlsx"]
"""What callers may write: these are the words of this release."""

__all__ = [
    "Actor",
    "Alert",
    "AlertPreview",
    "AlertTest",
    "ApiKey",
    "AuditEntry",
    "Change",
    "ChangeThresholds",
    "ChangedUser",
    "Channel",
    "ChannelMessage",
    "CrawlConfig",
    "CreditEntry",
    "Credits",
    "Delivery",
    "DeliveryStatus",
    "ExportFormat",
    "FailedTarget",
    "Failure",
    "FieldStatistics",
    "FillRate",
    "FoundProduct",
    "Handoff",
    "Imported",
    "JobState",
    "JobStatus",
    "JobType",
    "KeywordMoves",
    "KeywordPoint",
    "KeywordStanding",
    "Kind",
    "ListItem",
    "Marked",
    "Marketplace",
    "Monthly",
    "NewApiKey",
    "Notice",
    "OnInvalid",
    "Period",
    "PostedJob",
    "ProductList",
    "ProductPoint",
    "ProductSellers",
    "ProductStatistics",
    "Progress",
    "Project",
    "PutItems",
    "Referral",
    "RemovedItems",
    "Rewards",
    "RowMeta",
    "Schedule",
    "Seller",
    "Series",
    "Session",
    "Shelf",
    "Signup",
    "Step",
    "StoredProduct",
    "StoredSearchRow",
    "Summary",
    "Target",
    "TargetStatus",
    "Usage",
    "UsedThisMonth",
    "User",
    "Webhook",
    "WebhookSecret",
]
