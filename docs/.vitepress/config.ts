import { defineConfig } from 'vitepress'

const page = (text: string, link: string) => ({ text, link })

/** The site of the documentation. `npm run docs` lays its pages out in `.frontbell/site` first; see build-site.ts. */
export default defineConfig({
  title: 'frontbell',
  description: 'The bell on the front desk of a live chat',
  cleanUrls: false,
  lastUpdated: false,
  // The playground and llms.txt stand beside the pages as they are.
  ignoreDeadLinks: [/playground/, /llms\.txt/],
  // Texts such as `<id>` in decisions are words, not elements.
  markdown: { html: false },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      page('Quick start', '/quick-start'),
      page('Guides', '/guides/workflows'),
      page('Reference', '/reference/commands'),
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
    ],
    outline: [2, 3],
    sidebar: [
      {
        text: 'Begin',
        items: [
          page('Map', '/'),
          page('Quick start', '/quick-start'),
          page('Overview', '/overview'),
          page('The journey of a request', '/journey'),
          page('Glossary', '/glossary'),
          page('Semantics', '/semantics'),
          page('Comparison', '/comparison'),
        ],
      },
      {
        text: 'Route',
        items: [
          page('Workflows', '/guides/workflows'),
          page('Shifts', '/guides/shifts'),
          page('Choose a ring order', '/guides/choose-a-ring-order'),
          page('Test your workflows', '/guides/test-your-workflows'),
          page('Command line', '/guides/command-line'),
          page('Simulate', '/guides/simulate'),
          page('Import arrivals', '/guides/import-arrivals'),
        ],
      },
      {
        text: 'Wire',
        items: [
          page('Wire a host', '/guides/wire-a-host'),
          page('Socket.IO', '/guides/wire-socket-io'),
          page('WebSockets', '/guides/wire-websockets'),
          page('Server-sent events', '/guides/wire-server-sent-events'),
          page('React', '/guides/wire-react'),
          page('Alert people', '/guides/alert-people'),
          page('Migrate', '/guides/migrate'),
        ],
      },
      {
        text: 'Run',
        items: [
          page('Persistence', '/guides/persistence'),
          page('Deploy', '/guides/deploy'),
          page('Do it once', '/guides/do-it-once'),
          page('Several nodes', '/guides/several-nodes'),
          page('Telemetry', '/guides/telemetry'),
          page('Why did nobody ring?', '/guides/why-did-nobody-ring'),
          page('Performance', '/performance'),
          page('Compatibility', '/compatibility'),
          page('Security', '/security'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Commands', '/reference/commands'),
          page('Events', '/reference/events'),
          page('Refusals, reasons, errors', '/reference/refusals'),
          page('Policy', '/reference/policy'),
          page('Operators', '/reference/operators'),
          page('Facts', '/reference/facts'),
          page('Portal', '/reference/portal'),
          page('Messages of screens', '/reference/protocol'),
          page('Names and types', '/api/'),
          page('Specification', '/spec'),
          page('Decisions', '/decisions/README'),
          page('Changes', '/changelog'),
          page('Contributing', '/contributing'),
        ],
      },
    ],
  },
})
