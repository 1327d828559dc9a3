// metascraper with its rules for Amazon on saved pages, used as its documentation says: metascraper([rules()])({ url, html }).
// Reads and writes the same lines of JSON as parsers.py.
const { createInterface } = require('readline')
const { readFileSync } = require('fs')
const { gunzipSync } = require('zlib')
const metascraper = require('metascraper')([require('metascraper-amazon')()])

const main = async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const page = JSON.parse(line)
    if (page.kind === 'search') continue
    let values = {}
    let error = null
    try {
      const html = gunzipSync(readFileSync(page.path)).toString('utf8')
      const found = await metascraper({ url: page.url, html })
      values = { title: found.title, brand: found.author, firstImage: found.image }
    } catch (exc) {
      error = exc.name
    }
    console.log(JSON.stringify({ parser: 'metascraper-amazon', file: page.file, values, error }))
  }
}

main()
