import { printWidth } from './page-style.ts';

/**
 * What runs in the page: a figure is drawn when it comes near the view, all of them before printing, in the
 * colours of the scheme in force. Plain ES2020, no network.
 */
export const pageScript = `
(function () {
  'use strict';
  var specs = JSON.parse(document.getElementById('figures').textContent);
  var drawn = new Set();
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var paper = window.matchMedia('print');
  var printing = false;

  function look() {
    var night = dark.matches && !printing && !paper.matches;
    var ink = night ? '#e8ecf0' : '#15191e';
    var grid = night ? '#39424b' : '#dde2e7';
    return { paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', ink: ink, grid: grid };
  }

  function themed(layout) {
    var now = look();
    var onPaper = printing || paper.matches;
    var full = Object.assign({}, layout, {
      paper_bgcolor: now.paper_bgcolor, plot_bgcolor: now.plot_bgcolor,
      autosize: !onPaper, width: onPaper ? ${printWidth} : undefined,
      font: { family: 'system-ui, sans-serif', size: 12, color: now.ink }
    });
    Object.keys(full).filter(function (key) { return /^[xy]axis/.test(key); }).forEach(function (key) {
      full[key] = Object.assign({}, full[key], { gridcolor: now.grid, linecolor: now.grid });
    });
    return full;
  }

  /** On paper a third of a cloud's points: the file would have 12 MB. */
  function thinned(trace) {
    if (trace.mode !== 'markers' || trace.x.length < 300) return trace;
    var third = function (_, i) { return i % 3 === 0; };
    return Object.assign({}, trace, { x: trace.x.filter(third), y: trace.y.filter(third) });
  }

  function draw(id) {
    var spec = specs[id];
    drawn.add(id);
    var data = printing || paper.matches ? spec.data.map(thinned) : spec.data;
    return Plotly.react('plot-' + id, data, themed(spec.layout), {
      responsive: !printing && !paper.matches, displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d']
    });
  }

  var watch = new IntersectionObserver(function (entries) {
    entries.filter(function (entry) { return entry.isIntersecting; }).forEach(function (entry) {
      watch.unobserve(entry.target);
      draw(entry.target.id.slice(5));
    });
  }, { rootMargin: '400px' });
  Object.keys(specs).forEach(function (id) { watch.observe(document.getElementById('plot-' + id)); });

  function again() { drawn.forEach(draw); }
  function drawAll() { Object.keys(specs).forEach(draw); }
  dark.addEventListener('change', again);
  window.addEventListener('beforeprint', function () { printing = true; drawAll(); });
  window.addEventListener('afterprint', function () { printing = false; again(); });
  window.drawAllFigures = drawAll;
})();
`;

/**
 * Tables and folds: a click on a head sorts (up, down, as printed), the filter leaves what is off, a link opens the folds
 * around its target, and paper shows everything.
 */
export const tableScript = `
(function () {
  'use strict';
  var all = function (root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); };

  function valueOf(row, at) {
    var cell = row.cells[at];
    if (!cell || at === 0) return null;
    var holder = cell.querySelector('[data-value]');
    var text = holder ? holder.dataset.value : cell.textContent.split(' ')[0];
    return text === 'Infinity' ? Infinity : text === '' || isNaN(Number(text)) ? null : Number(text);
  }

  function sort(table, at, way) {
    var body = table.tBodies[0];
    var rows = table.printed || (table.printed = Array.prototype.slice.call(body.rows));
    var order = rows.slice();
    if (way !== 'none') order.sort(function (a, b) {
      var x = valueOf(a, at), y = valueOf(b, at);
      if (x === null || y === null) return x === y ? rows.indexOf(a) - rows.indexOf(b) : x === null ? 1 : -1;
      return x === y ? rows.indexOf(a) - rows.indexOf(b) : (way === 'ascending' ? x < y : x > y) ? -1 : 1;
    });
    order.forEach(function (row) { body.appendChild(row); });
  }

  var next = { none: 'ascending', ascending: 'descending', descending: 'none' };
  all(document, 'table.grid thead button').forEach(function (button) {
    button.addEventListener('click', function () {
      var head = button.parentElement, table = head.closest('table');
      var way = next[head.getAttribute('aria-sort')];
      all(table, 'th[aria-sort]').forEach(function (other) { other.setAttribute('aria-sort', 'none'); });
      head.setAttribute('aria-sort', way);
      sort(table, head.cellIndex, way);
    });
  });

  all(document, 'button.only-off').forEach(function (button) {
    button.addEventListener('click', function () {
      var on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      document.getElementById(button.getAttribute('aria-controls')).classList.toggle('filtered', on);
    });
  });

  function unfold() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    var inner = target.tagName === 'SECTION' ? target.querySelectorAll('details.fold') : [];
    if (inner.length === 1) inner[0].open = true;
    target.scrollIntoView({ block: target.tagName === 'TD' ? 'center' : 'start', inline: 'center' });
  }
  window.addEventListener('hashchange', unfold);
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute('href') === location.hash) unfold();
  });
  unfold();

  var opened = [];
  window.openAllFolds = function () {
    opened = all(document, 'details:not([open])');
    opened.forEach(function (fold) { fold.open = true; });
  };
  window.addEventListener('beforeprint', window.openAllFolds);
  window.addEventListener('afterprint', function () {
    opened.forEach(function (fold) { fold.open = false; });
  });
})();
`;
