import { defineConfig, type HeadConfig } from 'vitepress'
import { searchOptions } from './search'

const page = (text: string, link: string) => ({ text, link })

const description =
  'The bell on the front desk of a live chat: rings the right people until one accepts, and loses no request'
/** Where the site will stand, from `homepage` in package.json; empty while that is a placeholder. */
const homepage = process.env.FRONTBELL_HOMEPAGE ?? ''
const meta = (property: string, content: string): HeadConfig => ['meta', { property, content }]

/** The site of the documentation. `npm run docs` lays its pages out in `.frontbell/site` first; see build-site.ts. */
export default defineConfig({
  title: 'frontbell',
  description,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }],
    meta('og:type', 'website'),
    meta('og:title', 'frontbell'),
    meta('og:description', description),
    meta('og:image', `${homepage}/images/social-card.png`),
    ['meta', { name: 'twitter:card', content: 'summary_large_image' }],
  ],
  cleanUrls: false,
  lastUpdated: false,
  // The playground and llms.txt stand beside the pages as they are.
  ignoreDeadLinks: [/playground/, /llms\.txt/],
  // Texts such as `<id>` in decisions are words, not elements.
  markdown: {
    html: false,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      const image = md.renderer.rules.image
      md.renderer.rules.image = (tokens, index, ...rest) => {
        const drawn = image?.(tokens, index, ...rest) ?? ''
        return /ring-ladder\.svg$/.test(tokens[index]?.attrGet('src') ?? '') ? withMovement(drawn) : drawn
      }
    },
  },
  themeConfig: {
    search: { provider: 'local', options: { miniSearch: { searchOptions } } },
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
          page('Vue, Svelte, Angular, NestJS, Next.js', '/guides/recipes'),
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

/** Shows the ladder in motion to people who have not asked for less of it. */
function withMovement(image: string): string {
  const source = '<source media="(prefers-reduced-motion: no-preference)" srcset="/images/ring-ladder-animated.svg">'
  return `<picture>${source}${image}</picture>`
}
