/**
 * The attacks at a glance: one row each, a column a scheme, with verdict, success rate, queries, time, what came out
 * and the pictures that say more. Both schemes stand side by side.
 */
import { join } from 'node:path';
import { type Of, z } from '../shared/schema.ts';
import { tallyOf, tallyText } from './attack-tally.ts';
import { html } from './html-parts.ts';
import { readPicture, thumbnail } from './pictures.ts';

/** What the section needs of one attack on one scheme; src/judge/attack.ts makes it. */
export const attackSchema = z.object({
  /** `chosen-plaintext`. */
  name: z.string(),
  /** `paper` or `hardened`. */
  scheme: z.string(),
  /** The property that it tests (src/attacks/attacks.ts); null of an attack in its own right. */
  property: z.string().nullable().optional(),
  /** In at least one round the attacker got what the scheme should protect. */
  success: z.boolean(),
  /** Share of the rounds, each with a key of its own, in which it succeeded: 0 to 1. */
  successRate: z.number(),
  rounds: z.number(),
  /** Images that the target encrypted or decrypted for the attacker, in the round shown. */
  queries: z.number(),
  /** Median wall time of a round, the target's own work included. */
  seconds: z.number(),
  /** One sentence with the numbers that decide. */
  finding: z.string(),
  /** Stems of FOLDER/<scheme>/<name>/*.png, the most telling first. */
  pictureNames: z.array(z.string()),
});
export type AttackShown = Of<typeof attackSchema>;

/** Pictures in a cell: more do not fit side by side. */
const mostPictures = 3;

/**
 * The section's inner HTML.
 * @param folder of the pictures; one that is not there is left out
 */
export async function attackSection(attacks: readonly AttackShown[], folder: string): Promise<string> {
  const schemes = distinct(attacks.map(({ scheme }) => scheme));
  const names = distinct(attacks.map(({ name }) => name));
  const cell = async (name: string, scheme: string): Promise<string> => {
    const found = attacks.find((attack) => attack.name === name && attack.scheme === scheme);
    return found ? attackCell(found, folder) : '<td>not run</td>';
  };
  const rows = await Promise.all(
    names.map(async (name) => {
      const cells = await Promise.all(schemes.map((scheme) => cell(name, scheme)));
      return `<tr class="opens" id="attack-${html(name)}"><th scope="row">${html(nameText(name))}${testOf(attacks, name)}</th>${cells.join('')}</tr>`;
    }),
  );
  const heads = schemes.map((scheme) => `<th scope="col">${html(schemeHead(attacks, scheme))}</th>`);
  return `<style>${attackStyle}</style>
<p class="caption">Each attack was run against the real cipher. “Broken”: in at least one round, each with another key, the attacker got what the scheme should protect. Tests of one property count once: “missing” in several rows is one fault. Queries: images encrypted or decrypted for the attacker. Time: median of a whole round on this machine.</p>
<div class="scroll" role="region" aria-label="Attacks on both schemes" tabindex="0">
<table class="attacks"><thead><tr><th scope="col" class="head">Attack</th>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
</div>`;
}

/** `a test of authentication` below the name. */
function testOf(attacks: readonly AttackShown[], name: string): string {
  const property = attacks.find((attack) => attack.name === name)?.property;
  return property ? `<br><span class="told">a test of ${html(property)}</span>` : '';
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

const nameText = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
};

/** `Paper scheme: 4 of 5 attacks succeed; authentication and diffusion are missing`. */
const schemeHead = (attacks: readonly AttackShown[], scheme: string): string =>
  `${nameText(scheme)} scheme: ${tallyText(tallyOf(attacks, scheme))}`;

async function attackCell(attack: AttackShown, folder: string): Promise<string> {
  const { success, successRate, rounds, queries, seconds, finding, property } = attack;
  const [bad, good] = property ? ['Missing', 'There'] : ['Broken', 'Holds'];
  const verdict = success
    ? `<strong class="broken">${bad}</strong>`
    : `<strong class="withstood">${good}</strong>`;
  const rate = `${Math.round(successRate * rounds)} of ${rounds} round${rounds === 1 ? '' : 's'}`;
  const asked = `${queries} quer${queries === 1 ? 'y' : 'ies'}`;
  return `<td data-attack="${html(`${attack.scheme}|${attack.name}`)}">
<p>${verdict} ${rate}, ${asked}, ${timeText(seconds)}</p>
${(await strip(attack, folder)) || '<p class="told">Nothing came out that could be shown.</p>\n'}<p class="told">${html(finding)}.</p>
</td>`;
}

const timeText = (seconds: number): string =>
  seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;

/** Pictures whose pixels must not be averaged: noise would turn grey, a single dot vanish. */
const exactly = /cipher|xor|difference|neighbouring/i;

async function strip({ scheme, name, pictureNames }: AttackShown, folder: string): Promise<string> {
  const items: string[] = [];
  for (const stem of pictureNames.slice(0, mostPictures)) {
    const path = join(folder, scheme, name, `${stem}.png`);
    const raster = await readPicture(path);
    if (!raster) continue;
    const uri = await thumbnail(raster, exactly.test(stem));
    const told = stem
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll('-', ' ')
      .toLowerCase();
    items.push(
      `<figure><img src="${uri}" alt="${html(`${nameText(name)}, ${scheme} scheme: ${told}`)}"><figcaption>${html(told)}</figcaption></figure>`,
    );
  }
  return items.length > 0 ? `<div class="strip">${items.join('')}</div>\n` : '';
}

const attackStyle = `
table.attacks { table-layout: fixed; width: 100%; min-width: 48rem; }
table.attacks th:first-child { width: 9rem; }
table.attacks th, table.attacks td { text-align: left; white-space: normal; }
table.attacks p { margin: .15rem 0; }
.broken { color: var(--bad); }
.withstood { color: var(--good); }
.told { color: var(--muted); overflow-wrap: anywhere; }
.strip { display: flex; gap: .4rem; }
.strip figure { margin: 0; flex: 1; max-width: 9rem; }
.strip img { width: 100%; height: 7rem; object-fit: contain; background: var(--raised); display: block; }
.strip figcaption { font-size: .75rem; margin: 0; }
`;
