/** The page of a training that runs: a script asks its server for the body again and again. */
import { createHash } from 'node:crypto';
import { renderPage } from './page.ts';
import { trainingStyle } from './training-page.ts';

/** Stops when the training has ended, or its server is gone. */
const script = (seconds: number): string => `
var failures = 0;
var shown = null;
function show(text) {
  var fresh = document.createElement('div');
  fresh.innerHTML = text;
  document.getElementById('live').replaceWith(fresh.querySelector('#live'));
  var page = fresh.querySelector('#page');
  if (page.innerHTML !== shown) document.getElementById('page').replaceWith(page);
  shown = page.innerHTML;
}
function ask() {
  fetch('body', { cache: 'no-store' }).then(function (answer) { return answer.text(); }).then(function (text) {
    failures = 0;
    show(text);
    var phase = document.getElementById('live').dataset.phase;
    if (phase !== 'ended' && phase !== 'failed') setTimeout(ask, ${1000 * seconds});
  }).catch(function () {
    if (++failures < 3) return setTimeout(ask, ${1000 * seconds});
    document.getElementById('live').textContent =
      'The training does not answer: it has ended, or was stopped. Its page is report.html in the run folder.';
  });
}
setTimeout(ask, ${1000 * seconds});
`;

/** @param body HTML of now @param pollSeconds between two questions */
export function livePage(body: string, pollSeconds: number): string {
  const code = script(pollSeconds);
  const hash = createHash('sha256').update(code).digest('base64');
  return renderPage({
    title: 'training',
    body: `${body}\n<script>${code}</script>`,
    style: `${trainingStyle}\n#live { max-width: 76rem; margin: 0 auto; padding: .6rem 1.25rem; background: var(--raised); }`,
    policy: `default-src 'none'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; script-src 'sha256-${hash}'`,
  });
}
