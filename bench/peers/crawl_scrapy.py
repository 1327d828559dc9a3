"""Scrapy as its tutorial has it: a spider, a JSON-lines feed. Arguments: file of URLs, file to write."""

import sys
from pathlib import Path

import scrapy
from fields import parsel_row
from scrapy.crawler import CrawlerProcess


class Products(scrapy.Spider):
    name = "products"

    async def start(self):
        for url in Path(sys.argv[1]).read_text().split():
            yield scrapy.Request(url)

    def parse(self, response):
        yield parsel_row(response.css)


process = CrawlerProcess(
    {
        "FEEDS": {sys.argv[2]: {"format": "jsonlines"}},
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }
)
process.crawl(Products)
process.start()
