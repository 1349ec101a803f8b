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

  function draw(id) {
    var spec = specs[id];
    drawn.add(id);
    return Plotly.react('plot-' + id, spec.data, themed(spec.layout), {
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
