/** Plugin of typedoc: the Mermaid diagrams of the docs as SVG, drawn when the site is made; it loads nothing. */
import { renderMermaidSVG } from 'beautiful-mermaid';
import { PageEvent } from 'typedoc';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (html) => html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);

/** In the colours of the site, light or dark; the web font of the library is left out. */
function drawn(code) {
  const colors = { bg: 'var(--color-background)', fg: 'var(--color-text)', transparent: true };
  const svg = renderMermaidSVG(plain(code), { ...colors, font: 'system-ui' });
  const shown = svg
    .replaceAll(/@import url\([^)]*\);/g, '')
    .replace(/ style="/, ' role="img" aria-label="Diagram" style="max-width:max(100%,60rem);height:auto;');
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
