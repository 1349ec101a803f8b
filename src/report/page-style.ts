/** Figures on paper are drawn this wide, in CSS pixels, and shrunk: at the 718 px of A4 their labels would collide. */
export const printWidth = 1024;

/** The report's style sheet: light and dark, phone and paper; text contrast 7:1, muted text 5:1 at least. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #ffffff; --raised: #f4f6f8; --ink: #15191e; --muted: #505963;
  --rule: #cfd6dd; --link: #0a5cad; --bad: #a3201a; --good: #17693a; --ours: #15191e; --published: #505963; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181d; --raised: #1d2329; --ink: #e8ecf0;
  --muted: #a9b3bd; --rule: #3a434c; --link: #7fbcff; --bad: #ff9d92; --good: #7fd8a2; --ours: #ffffff;
  --published: #a9b3bd; } }
@media print { :root { color-scheme: light; --ground: #ffffff; --raised: #f4f6f8; --ink: #000000;
  --muted: #444444; --rule: #bbbbbb; --link: #000000; --bad: #a3201a; --good: #17693a; --ours: #000000;
  --published: #444444; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system,
  "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding-bottom: 3rem; color: var(--muted); }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p, li, figcaption, caption { max-width: 70ch; }
a { color: var(--link); }
code, pre { font: .875em/1.45 ui-monospace, "SF Mono", "Liberation Mono", monospace; }
pre { background: var(--raised); padding: .75rem; overflow-x: auto; }
nav ul { list-style: none; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; top: .5rem; padding: .4rem .8rem; background: var(--ground); z-index: 1; }
.skip:focus { left: 1rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.outcome { font-size: 1.1rem; padding-left: 1.2rem; }
.outcome li { margin: .45rem 0; max-width: 65ch; }
.subtitle, figcaption, .caption { color: var(--muted); }
figcaption, .caption { font-size: .9rem; margin: .25rem 0 .75rem; }
.label { display: inline-block; padding: .1rem .5rem; border: 1px solid currentColor; border-radius: .25rem;
  font-size: .875rem; font-weight: 600; color: var(--bad); }
.findings { padding-left: 0; list-style: none; }
.findings li { padding: .3rem 0 .3rem 4.5rem; position: relative; max-width: 80ch; }
.verdict { position: absolute; left: 0; font-weight: 600; }
.verdict.good { color: var(--good); }
.verdict.bad { color: var(--bad); }
.verdict.note { color: var(--muted); }
.scroll { overflow-x: auto; margin: .5rem 0; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; white-space: nowrap; vertical-align: top; }
thead th { vertical-align: bottom; border-bottom: 2px solid var(--rule); white-space: normal; min-width: 5.7rem; }
thead th.head { min-width: 0; }
tbody th, th.head { text-align: left; font-weight: 400; }
table.words th, table.words td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
tr.opens > * { border-top: 1px solid var(--rule); }
td.published { color: var(--published); }
td.ours { color: var(--ours); font-weight: 600; }
td.ideal, td.none, td.z { color: var(--muted); }
td.outlier { color: var(--bad); font-weight: 700; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; font-size: .9rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 33rem), 1fr)); gap: 1.25rem; }
.gallery figure { margin: 0; }
.gallery .shown { display: grid; grid-template-columns: repeat(auto-fit, minmax(4.5rem, 1fr)); gap: .4rem; }
.gallery img { width: 100%; height: 9.5rem; object-fit: contain; background: var(--raised); display: block; }
.gallery .shown span { font-size: .8rem; color: var(--muted); }
.plot { margin: 0 0 1.5rem; break-inside: avoid; }
.plot .canvas { min-width: 64rem; }
@media print { main, header, footer { max-width: none; padding: 0; } .scroll { overflow: visible; }
  table { font-size: 7pt; } th, td { padding: .08rem .22rem; } thead th { min-width: 0; }
  h2, h3, thead, thead tr { break-after: avoid; } .attacks tr, figure { break-inside: avoid; }
  .attacks p, .attacks figcaption { font-size: 7pt; } .attacks .strip img { height: 5rem; }
  .plot .canvas { min-width: 0; width: ${printWidth}px; zoom: .69; } .modebar-container, nav, .skip { display: none; } }
@media (max-width: 40rem) { body { font-size: 15px; } .findings li { padding-left: 0; }
  .verdict { position: static; display: block; } dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .4rem; } }
`;
