/** leaderboard.html: one table, sorted by a click on a head, and below it how each cipher was broken. */
import { html } from '../report/html-parts.ts';
import { renderPage } from '../report/page.ts';
import { type Leaderboard, type LeaderboardRow, shownColumns } from './leaderboard-rows.ts';

/** What a column is sorted by, where its text will not do. */
const sortKeys: Readonly<Record<string, (row: LeaderboardRow) => number>> = {
  verdict: ({ rank }) => rank,
  'strongest attack': ({ brokenBy: [first] }) => first?.queries ?? Number.POSITIVE_INFINITY,
  'refuses changes': ({ authenticated }) => (authenticated ? 0 : 1),
  NPCR: ({ npcr }) => Math.abs((npcr ?? Number.NEGATIVE_INFINITY) - 99.609375),
  NIST: ({ nistSmallestP, nist }) => (nist ? 0 : 1) - (nistSmallestP ?? 0) / 2,
  time: ({ encryptSeconds }) => encryptSeconds ?? Number.POSITIVE_INFINITY,
};

export const leaderboardPage = ({ rows, command, level, environment }: Leaderboard): string =>
  renderPage({
    title: 'leaderboard',
    style,
    policy: "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:",
    body: `<header>
<h1>Leaderboard</h1>
<p class="subtitle">Every cipher of medchaos, judged alike, level ${level}. “Holds” means: nothing that ran broke it; this is no proof of security. A reconstruction fills in what its paper leaves open. NPCR: one sample changed, ideal 99.61 %. Times on ${html(String(environment.cpu))}, of ${html(rows[0]?.picture ?? '512x512')}. Click a head to sort.</p>
</header>
<main>
<div class="scroll" role="region" aria-label="Leaderboard" tabindex="0"><table id="leaderboard"><thead><tr>${heads()}</tr></thead><tbody>
${rows.map(rowHtml).join('\n')}
</tbody></table></div>
<section><h2>How each was broken</h2>
${rows
  .filter(({ brokenBy }) => brokenBy.length > 0)
  .map(breaksHtml)
  .join('\n')}
</section>
</main>
<footer><p>Made by <code>${html(command)}</code>. All numbers: <a href="leaderboard.csv">CSV</a>, <a href="leaderboard.json">JSON</a>.</p></footer>
<script>${script}</script>`,
  });

const heads = (): string =>
  ['rank', ...Object.keys(shownColumns)]
    .map((name, k) => {
      const sort = k === 0 ? ' aria-sort="ascending"' : '';
      return `<th scope="col"${sort}><button type="button">${html(name)}</button></th>`;
    })
    .join('');

function rowHtml(row: LeaderboardRow): string {
  const cells = Object.entries(shownColumns).map(([name, textOf]) => {
    const text = textOf(row);
    const key = sortKeys[name]?.(row) ?? text.toLowerCase();
    return `<td data-key="${html(String(key))}">${html(text)}</td>`;
  });
  return `<tr class="${row.verdict}"><td data-key="${row.rank}">${row.rank}</td>${cells.join('')}</tr>`;
}

function breaksHtml({ name, brokenBy }: LeaderboardRow): string {
  const items = brokenBy.map(
    ({ attack, finding }) => `<dt>${html(attack.replaceAll('-', ' '))}</dt><dd>${html(finding)}.</dd>`,
  );
  return `<article><h3>${html(name)}</h3><dl>${items.join('')}</dl></article>`;
}

const script = `
(function () {
  'use strict';
  var table = document.getElementById('leaderboard');
  var heads = Array.from(table.tHead.rows[0].cells);
  function keyOf(row, at) {
    var text = row.cells[at].dataset.key;
    var number = Number(text);
    return Number.isNaN(number) ? text : number;
  }
  function sortBy(at) {
    var down = heads[at].getAttribute('aria-sort') === 'ascending';
    heads.forEach(function (head) { head.removeAttribute('aria-sort'); });
    heads[at].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    var rows = Array.from(table.tBodies[0].rows);
    rows.sort(function (a, b) {
      var x = keyOf(a, at), y = keyOf(b, at);
      return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
    });
    rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
  }
  heads.forEach(function (head, at) {
    head.firstElementChild.addEventListener('click', function () { sortBy(at); });
  });
})();
`;

const style = `
#leaderboard td, #leaderboard th { white-space: normal; }
#leaderboard :is(td, th):nth-child(n + 2):nth-child(-n + 4) { text-align: left; }
#leaderboard td:nth-child(2) { font-weight: 600; }
#leaderboard th button { all: unset; cursor: pointer; }
#leaderboard th button:focus-visible { outline: 2px solid currentColor; }
#leaderboard th[aria-sort=ascending] button::after { content: ' ▲'; }
#leaderboard th[aria-sort=descending] button::after { content: ' ▼'; }
#leaderboard tr.holds td:nth-child(3) { color: var(--good); }
#leaderboard tr.broken td:nth-child(3), #leaderboard tr.inexact td:nth-child(3) { color: var(--bad); }
article { margin: 0 0 1rem; }
`;
