/** The whole look of the report, light and dark. */
export const reportStyle = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #17202b; --quiet: #5b6775; --rule: #e0e4e9;
  --a: #1f5fd0; --b: #b4540a; --good: #15703c; --bad: #b3261e; --column: rgb(31 95 208 / .08) }
@media (prefers-color-scheme: dark) { :root { --page: #11161c; --card: #1a2129; --ink: #e6ebf1; --quiet: #9aa7b5;
  --rule: #2d3742; --a: #7fabff; --b: #f2a65a; --good: #69d08f; --bad: #ff8f85; --column: rgb(127 171 255 / .12) } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px }
h1 { font-size: 25px; line-height: 1.2; margin: 0 0 4px }
h2 { font-size: 18px; margin: 36px 0 12px }
h3 { font-size: 15px; margin: 0 }
.about { color: var(--quiet); margin: 0 } h2 + .about { margin: -8px 0 12px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 22px 0 0; padding: 0 }
.tiles div, figure, .table { background: var(--card); border: 1px solid var(--rule); border-radius: 10px }
.tiles div { padding: 12px 14px; display: flex; flex-direction: column-reverse; justify-content: flex-end }
.tiles dt { color: var(--quiet); font-size: 13px }
.tiles dd { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 14px }
figure { margin: 0; padding: 14px 14px 6px }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 16px; align-items: baseline; justify-content: space-between; margin-bottom: 6px }
figure > svg { display: block; width: 100%; height: auto }
.legend { display: flex; flex-wrap: wrap; gap: 2px 12px; margin: 0; color: var(--quiet); font-size: 13px }
.legend span { display: inline-flex; align-items: center; gap: 5px }
.legend svg { width: 22px; height: 12px }
svg text { font: 12px system-ui, sans-serif; fill: var(--quiet) }
text.y { text-anchor: end; dominant-baseline: middle }
text.x { text-anchor: middle }
.grid, .tick { stroke: var(--rule) }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
.line.a, .line.a2 { stroke: var(--a) } .line.b, .line.b2 { stroke: var(--b) }
.line.a2, .line.b2 { stroke-dasharray: 2 5 }
.dot.a, .dot.a2, .bar.a { fill: var(--a) } .dot.b, .dot.b2 { fill: var(--b) }
.bar.a { opacity: .55 } .bar.a2 { fill: var(--b) }
.hover { fill: transparent } .hover:hover { fill: var(--column) }
.table { overflow-x: auto; padding: 4px 14px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--rule); white-space: nowrap }
tbody tr:last-child > * { border-bottom: 0 }
th { color: var(--quiet); font-weight: 600; font-size: 13px }
th:first-child, td:first-child { text-align: left; white-space: normal }
tbody th { color: var(--ink); font-size: 15px; font-weight: 400 }
.good { color: var(--good) } .bad { color: var(--bad) }
.findings { margin: 18px 0 0; padding: 12px 14px 12px 32px; background: var(--card); border: 1px solid var(--rule);
  border-left: 4px solid var(--b); border-radius: 10px }
.spread { width: 190px; height: 16px; vertical-align: middle }
.spread .zero { stroke: var(--quiet); stroke-dasharray: 2 2 }
.spread .range { stroke: currentColor; stroke-width: 2 } .spread circle { fill: currentColor }
footer { margin-top: 36px; color: var(--quiet); font-size: 13px }
@media (max-width: 560px) { svg text { font-size: 17px } .hours text:nth-of-type(even) { display: none } }
@media print { body { background: #fff } .plots { grid-template-columns: 1fr 1fr } figure { break-inside: avoid } }
`
