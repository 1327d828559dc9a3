"""What came of a job, and how it leaves."""
