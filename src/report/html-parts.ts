/** Parts of the report: a figure's place, a fold, an image of the gallery. */

import { imageLabel, methodLabel } from '../tables/labels.ts';
import type { CellRecord, ImageRecord } from '../tables/results.ts';
import type { Figure } from './figure.ts';
import { type Picture, shownRaster, thumbnail } from './pictures.ts';
import { figureHeight } from './plotly.ts';

/** Text safe in HTML, in elements and in quoted attributes. */
export const html = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!,
  );

/** The place where a figure is drawn. */
export const figureSection = (figure: Figure): string => `<figure class="plot" id="figure-${figure.id}">
<h3>${html(figure.title)}</h3>
<div class="scroll" role="region" aria-label="${html(figure.title)}" tabindex="0">
<div class="canvas" id="plot-${figure.id}" role="group" aria-label="${html(figure.alt)}" style="height:${figureHeight(figure)}px"></div>
</div>
<figcaption>${html(figure.caption)} File: <a href="figures/${figure.id}.svg">svg</a>.</figcaption>
</figure>`;

/** A part that opens on a click, and when a link leads into it. `state` is what its head says at the right. */
export const fold = (id: string, title: string, inner: string, state = ''): string =>
  `<details class="fold" id="${id}"><summary><h3>${html(title)}</h3>${state ? ` <span class="state">${html(state)}</span>` : ''}</summary>
${inner}
</details>`;

/** Ends with a full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What the gallery needs beside the picture: the cell that it shows, and whether the attack has a place to point to. */
export interface GalleryCell {
  readonly cell: CellRecord | undefined;
  readonly attackShown: boolean;
}

/** Plain, cipher, decrypted and attacked side by side with what the picture is. */
export async function galleryItem(
  image: ImageRecord,
  picture: Picture | undefined,
  { cell, attackShown }: GalleryCell,
): Promise<string> {
  const shown = picture ? await strip(image, picture) : '';
  const size = `${image.width}×${image.height}, ${image.channels} channel${image.channels > 1 ? 's' : ''}, ${image.depth} bits`;
  const told = picture?.attacked && cell?.attacked ? ` ${attackText(cell.attacked, attackShown)}` : '';
  return `<figure>
${shown}
<figcaption><strong>${html(imageLabel(image.id))}</strong> (${size}). ${html(sentence(image.caption))} Source: ${html(image.source)}. Date ${html(image.date)} (${html(image.dateSource)}).${told}</figcaption>
</figure>`;
}

/** `Attacked: 2 queries of the chosen plaintext attack gave back 100 % of the samples.` */
function attackText(
  { attack, queries, recovered }: NonNullable<CellRecord['attacked']>,
  linked: boolean,
): string {
  const name = html(attack.replaceAll('-', ' '));
  const shown = linked ? `<a href="#attack-${html(attack)}">${name} attack</a>` : `${name} attack`;
  return `Attacked: ${queries} queries of the ${shown} gave back ${Number(recovered.toFixed(2))} % of the samples.`;
}

async function strip(image: ImageRecord, picture: Picture): Promise<string> {
  const { plain, cipher, decrypted, attacked } = picture;
  const shown = Object.entries({ plain, cipher, decrypted, ...(attacked && { attacked }) });
  const items = await Promise.all(
    shown.map(async ([name, raster]) => {
      const alt = `${imageLabel(image.id)}, ${name} image${name === 'plain' ? '' : `, ${methodLabel(picture.method)}`}`;
      const uri = await thumbnail(shownRaster(image, name, raster), name === 'cipher');
      return `<div><img src="${uri}" alt="${html(alt)}"><span>${name}</span></div>`;
    }),
  );
  return `<div class="shown">${items.join('')}</div>`;
}

/** Terms and their descriptions. */
export const definitions = (facts: readonly (readonly [term: string, told: string])[]): string =>
  `<dl>${facts.map(([term, told]) => `<dt>${html(term)}</dt><dd>${html(told)}</dd>`).join('')}</dl>`;
