/** The style sheet of the report of a reproduction, beside that of every page. */
export const reportStyle = `
:root { --heat1: #fde5d8; --heat2: #f9c4ad; --heat3: #f19c86; --heat4: #e8786c; --fill: #17693a; --rest: #d9b3ad; }
@media (prefers-color-scheme: dark) { :root { --heat1: #41291f; --heat2: #5d2f22; --heat3: #7a3227; --heat4: #94302b;
  --fill: #4fb57d; --rest: #6b3a34; } }
@media print { :root { --heat1: #fde5d8; --heat2: #f9c4ad; --heat3: #f19c86; --heat4: #e8786c; --fill: #17693a; --rest: #d9b3ad; } }
main, header, footer { max-width: 108rem; }
header { padding-top: 1.25rem; }
header .subtitle { margin: 0 0 .75rem; max-width: none; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; align-items: start; }
.answer { border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem; min-width: 0; height: 100%; }
.answer h2 { margin: 0; padding: 0; border: 0; font-size: 1rem; font-weight: 600; color: var(--muted); }
.lead { font-size: 1.25rem; font-weight: 700; line-height: 1.3; margin: .1rem 0 .5rem; }
.lead.good, .good.state { color: var(--good); }
.lead.bad, a.bad { color: var(--bad); }
.answer ul { margin: .5rem 0; padding-left: 1.1rem; }
.answer li { margin: .2rem 0; }
.answer .caption, .score caption { font-size: .8rem; margin: .4rem 0; text-align: left; color: var(--muted); }
table.score { width: 100%; font-size: .9rem; }
.score th, .score td { text-align: left; padding: .15rem .5rem .15rem 0; vertical-align: baseline; }
.score th { font-weight: 400; white-space: normal; }
.bar { display: inline-block; width: 5rem; height: .55rem; background: var(--rest); margin-left: .35rem; vertical-align: baseline; }
.bar span { display: block; height: 100%; background: var(--fill); }
.proof { display: grid; grid-template-columns: repeat(3, 1fr); gap: .4rem; }
.proof figure { margin: 0; }
.proof img { width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--raised); display: block; }
.proof figcaption { font-size: .8rem; margin: .15rem 0 0; }
h2 { margin: 1.75rem 0 .5rem; }
.findings li { max-width: 110ch; }
.findings li.strong { border-left: 4px solid var(--bad); background: var(--raised); padding: .4rem .5rem .4rem 4.5rem; font-weight: 600; }
.verdict.strong { color: var(--bad); text-transform: uppercase; font-size: .85rem; left: .6rem; }
details.fold { border: 1px solid var(--rule); border-radius: .4rem; margin: .4rem 0; }
details.fold > summary { cursor: pointer; padding: .4rem .75rem; }
details.fold > :not(summary) { margin-left: .75rem; margin-right: .75rem; }
details.fold > summary h3 { display: inline; margin: 0; }
.state { color: var(--muted); font-size: .875rem; margin-left: .5rem; }
.only-off, table.grid thead button { font: inherit; color: inherit; cursor: pointer; }
.only-off { background: var(--raised); border: 1px solid var(--rule); border-radius: .3rem; padding: .2rem .6rem; }
.only-off[aria-pressed="true"] { background: var(--ink); color: var(--ground); }
.fold .scroll { overflow: auto; max-height: 80vh; }
.fold .plot .scroll { max-height: none; }
table.grid { border-collapse: separate; border-spacing: 0; }
.grid th, .grid td { border-top: 1px solid var(--rule); line-height: 1.25; }
.grid thead th { position: sticky; top: 0; z-index: 2; background: var(--ground); min-width: 0; border-top: 0; padding: 0; }
.grid thead th:not(:has(button)) { padding: .2rem .6rem; }
.grid thead th.head { left: 0; z-index: 3; padding: .2rem .6rem; text-align: left; }
.grid thead button { background: none; border: 0; padding: .2rem .6rem; width: 100%; text-align: right; font-weight: 600; }
.grid thead button::after { content: ' ↕'; color: var(--muted); }
.grid [aria-sort="ascending"] button::after { content: ' ↑'; }
.grid [aria-sort="descending"] button::after { content: ' ↓'; }
.grid tbody th { position: sticky; left: 0; z-index: 1; background: var(--ground); white-space: normal; min-width: 7rem; }
.grid tbody th span, .heat tbody th span { color: var(--muted); }
.grid tbody th span { display: block; }
.grid a { color: inherit; text-decoration: none; font-weight: 600; }
.grid a:hover { text-decoration: underline; }
.grid a.published { font-weight: 400; }
.grid small i { font-style: normal; } .grid small b { font-weight: 400; } .grid small u { text-decoration: none; }
.grid small { display: block; font-size: .8rem; color: var(--muted); }
.grid .outlier, .grid .differs { color: var(--bad); font-weight: 700; }
.grid td[id] { scroll-margin: 7rem 2rem 7rem 9rem; }
.grid td:target { outline: 3px solid var(--link); outline-offset: -3px; }
.grid.filtered tbody tr:not([data-off]) { display: none; }
table.heat { border-collapse: separate; border-spacing: 2px; }
.heat td { text-align: center; color: var(--ink); }
.heat thead th { min-width: 4.5rem; text-align: center; } .heat thead th:first-child { text-align: left; }
.heat tbody th { white-space: normal; } .heat td.heat0 { color: var(--muted); background: var(--raised); }
.heat td.heat1 { background: var(--heat1); } .heat td.heat2 { background: var(--heat2); font-weight: 600; }
.heat td.heat3 { background: var(--heat3); font-weight: 600; } .heat td.heat4 { background: var(--heat4); font-weight: 700; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 50rem), 1fr)); gap: 1rem; }
.plot { min-width: 0; } .plot .canvas { min-width: 44rem; }
@media (max-width: 40rem) { main, header, footer { padding: 0 .75rem; } header { padding-top: .6rem; } h1 { font-size: 1.25rem; }
  header .subtitle { font-size: .8rem; margin: 0 0 .4rem; } .answer { padding: .5rem .7rem; } .lead { font-size: 1.1rem; }
  .findings li.strong { padding-left: .6rem; } .grid tbody th { min-width: 5.5rem; max-width: 7rem; }
  .grid th, .grid td { padding: .2rem .35rem; } .grid small i { display: block; } .grid small b { display: none; } .bar { width: 3.5rem; } }
@media print {
  .answers { grid-template-columns: repeat(3, 1fr); gap: .5rem; } .answer { padding: .4rem; font-size: 8pt; } .lead { font-size: 11pt; }
  .answer h2 { font-size: 9pt; } .bar { display: none; } table.score { font-size: 8pt; } .answer .caption, .score caption, .proof figcaption { font-size: 7pt; }
  .grid tbody th span { display: inline; } .grid tbody th, .heat tbody th { white-space: nowrap; } table.attacks { min-width: 0; }
  .attacks .strip figcaption { font-size: 6pt; } main > section > .caption { font-size: 7.5pt; max-width: none; }
  .answer, tr, .findings li { break-inside: avoid; } body { font-size: 9pt; line-height: 1.3; } h2 { margin: 1rem 0 .3rem; font-size: 12pt; }
  h3 { font-size: 10pt; } .findings li, .fold .caption, figcaption, dl { font-size: 7pt; line-height: 1.2; margin: 0; max-width: none; }
  details.fold { border: 0; margin: .3rem 0; } details.fold > summary { padding: 0; list-style: none; } details > summary { list-style: none; }
  details.fold > :not(summary) { margin-left: 0; margin-right: 0; } .fold .scroll { max-height: none; overflow: visible; }
  .only-off { display: none; } .grid thead button::after { content: ''; } .grid thead th, .grid tbody th { position: static; min-width: 0; }
  .grid thead button { padding: 0; } table.grid, table.heat { font-size: 5.5pt; width: 100%; } .grid td { white-space: normal; } .grid small { font-size: 4.5pt; line-height: 1; }
  .grid small i { white-space: nowrap; } .grid small u { display: none; } .attacks .strip img { height: 2.6rem; } .attacks p { line-height: 1.15; }
  .grid th, .grid td { padding: 0 .2rem; line-height: 1.1; } .heat td, .heat th { padding: .02rem .2rem; }
  table.filtered tbody tr:not([data-off]) { display: table-row; }
  .gallery { grid-template-columns: repeat(4, 1fr); gap: .4rem; } .gallery img { height: 3rem; } .gallery figcaption { font-size: 6pt; }
  .plots { grid-template-columns: repeat(2, 1fr); gap: .3rem; } .plot { margin: 0; } .plot .canvas { zoom: .32; } .plot .scroll { margin: 0; } .plot h3 { margin: 0; }
}
`;
