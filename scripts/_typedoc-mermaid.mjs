/** Plugin of typedoc: the Mermaid diagrams of the docs as SVG, drawn when the site is made; it loads nothing. */
import { renderMermaidSVG } from 'beautiful-mermaid';
import { PageEvent } from 'typedoc';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (html) => html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);

const look = { bg: 'var(--color-background)', fg: 'var(--color-text)', transparent: true, font: 'system-ui' };
/** Pixels beside the two menus of the site. */
const columnWidth = 800;

/** In the colours of the site, light or dark; from top to bottom where a row is too wide. */
function svgOf(code) {
  const svg = renderMermaidSVG(code, look);
  const width = Number(/ width="([\d.]+)"/.exec(svg)[1]);
  return width > columnWidth ? renderMermaidSVG(code.replace(/^flowchart LR/, 'flowchart TD'), look) : svg;
}

/** Without the web font that the library asks for. */
function drawn(code) {
  const svg = svgOf(plain(code));
  const shown = svg
    .replaceAll(/@import url\([^)]*\);/g, '')
    .replace(/ style="/, ' role="img" aria-label="Diagram" style="max-width:100%;height:auto;');
  return `<div class="diagram" style="overflow-x:auto" tabindex="0">${shown}</div>`;
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replaceAll(
      /<pre><code class="mermaid">([\s\S]*?)<\/code>(?:<button[\s\S]*?<\/button>)?<\/pre>/g,
      (_, code) => drawn(code),
    );
  });
}
