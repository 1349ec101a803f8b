/** The lab in Chromium, from disk: no request, no complaint, and the results of the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildLab, sourcesHash } from '../../lab/build.ts';
import { baselineParams, encryptImage, presets } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { npcr } from '../../src/metrics/index.ts';
import type { Raster } from '../../src/shared/types.ts';
import { accessibility, chromium, launch, missing, open } from '../report/browser.ts';

const committed = join(import.meta.dirname, '..', '..', 'docs', 'lab', 'index.html');
const folder = mkdtempSync(join(tmpdir(), 'medchaos-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

let built: string;
beforeAll(async () => {
  built = await buildLab();
});

test('docs/lab was made from lab/ as it stands', async () => {
  expect(readFileSync(committed, 'utf8'), 'docs/lab is old: npm run lab').toContain(await sourcesHash());
});

test('the page has less than 1 MB, asks nothing of another file, and may connect to nothing', () => {
  expect(built.length).toBeLessThan(1e6);
  expect(built).toContain("connect-src 'none'");
  expect(built).not.toMatch(/<(?:script|img|link|iframe)[^>]*(?:src|href)="(?!data:)/);
});

/** A stored picture in explicit little-endian DICOM, or under another transfer syntax. */
function dicom({ width, height, depth, data }: Raster, syntax = '1.2.840.10008.1.2.1'): Buffer {
  const head = (group: number, element: number, vr: string, length: number): Buffer => {
    const long = vr === 'OW';
    const bytes = Buffer.alloc(long ? 12 : 8);
    bytes.writeUInt16LE(group, 0);
    bytes.writeUInt16LE(element, 2);
    bytes.write(vr, 4, 'latin1');
    if (long) bytes.writeUInt32LE(length, 8);
    else bytes.writeUInt16LE(length, 6);
    return bytes;
  };
  const text = (group: number, element: number, vr: string, value: string): Buffer => {
    const padded = value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value;
    return Buffer.concat([head(group, element, vr, padded.length), Buffer.from(padded, 'latin1')]);
  };
  const short = (element: number, value: number): Buffer =>
    Buffer.concat([head(0x28, element, 'US', 2), Buffer.from([value & 255, value >> 8])]);
  const samples = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    text(2, 0x10, 'UI', syntax),
    short(2, 1),
    text(0x28, 4, 'CS', 'MONOCHROME2'),
    ...[
      short(0x10, height),
      short(0x11, width),
      short(0x100, depth),
      short(0x101, depth),
      short(0x102, depth - 1),
    ],
    short(0x103, 0),
    head(0x7fe0, 0x10, 'OW', samples.length),
    samples,
  ]);
}

const wide: Raster = {
  width: 64,
  height: 48,
  channels: 1,
  depth: 16,
  data: Uint16Array.from({ length: 3072 }, (_, i) => 21 * i),
};
const slice = mriPhantom(96, 80, 3);

describe.skipIf(!chromium)(`the lab in Chromium${missing}`, () => {
  let browser: Browser;
  let tab: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await launch();
    ({ tab, complaints } = await open(browser, file('index.html', Buffer.from(built))));
    await tab.locator('#metrics tr').nth(5).waitFor();
  });
  afterEach(() => expect(complaints).toEqual([]));
  afterAll(() => browser?.close());

  const status = (id: string, text: RegExp) =>
    tab.locator(`#${id}`, { hasText: text }).waitFor({ timeout: 50_000 });
  const cell = (row: string, column: number) =>
    tab
      .locator('#metrics tr', { has: tab.getByRole('rowheader', { name: row }) })
      .locator('td')
      .nth(column - 1);

  test('a PNG: its NPCR is that of Node, it follows the slider, and a periodic r is off', async () => {
    await tab.setInputFiles('#picture-file', file('slice.png', await encodePng(slice)));
    await tab.locator('#picture-name', { hasText: 'slice.png: 96x80, grey, 8 bits' }).waitFor();
    const { cipher } = encryptImage('logistic', baselineParams.logistic, slice, presets.paper);
    await tab.locator('#metrics', { hasText: String(Number(npcr(slice, cipher).toPrecision(5))) }).waitFor();
    await tab.locator('#parameter-r').fill('3.83');
    await status('encrypt-status', /3\.83/);
    await cell('Entropy', 2).and(tab.getByText('off')).waitFor();
    for (const map of ['lorenz', 'henon', 'tss', 'logistic']) {
      await tab.selectOption('#map', map);
      await status('encrypt-status', new RegExp(`^${map}, `));
    }
  });

  test.each([
    ['16-bit PNG', 'wide.png', () => encodePng(wide), /wide\.png: 64x48, grey, 16 bits/],
    ['DICOM', 'wide.dcm', () => dicom(wide), /wide\.dcm: 64x48, grey, 16 bits/],
    [
      'palette PNG',
      'p.png',
      () => colours().png({ palette: true }).toBuffer(),
      /p\.png: 40x30, 3 channels, 8 bits/,
    ],
    ['JPEG', 'c.jpg', () => colours().jpeg().toBuffer(), /c\.jpg: 40x30, 3 channels, 8 bits/],
  ])('%s', async (_, name, bytes, text) => {
    await tab.setInputFiles('#picture-file', file(name, await bytes()));
    await status('picture-name', text);
    await status('encrypt-status', /^logistic, r = 3\.95$/);
  });

  const colours = () =>
    sharp({ create: { width: 40, height: 30, channels: 3, background: { r: 200, g: 80, b: 20 } } });

  test.each([
    [
      'compressed DICOM',
      'j.dcm',
      () => dicom(wide, '1.2.840.10008.1.2.4.70'),
      /uncompressed.*1\.2\.840\.10008\.1\.2\.4\.70; decompress it/,
    ],
    ['cut DICOM', 'cut.dcm', () => dicom(wide).subarray(0, 900), /damaged or cut off/],
    ['cut PNG', 'cut.png', async () => (await encodePng(slice)).subarray(0, 700), /the PNG is damaged/],
    ['text', 'note.txt', () => Buffer.from('hello'), /expected a PNG, JPEG or DICOM picture/],
  ])('%s is refused in a sentence', async (_, name, bytes, text) => {
    await tab.setInputFiles('#picture-file', file(name, await bytes()));
    await status('encrypt-status', text);
  });

  test('chosen plaintext, key reuse, and the search of all parameters', async () => {
    await tab.setInputFiles('#picture-file', file('slice.png', await encodePng(slice)));
    await status('picture-name', /slice/);
    await tab.getByRole('button', { name: 'Chosen plaintext' }).click();
    await status('attack-status', /^Broken: 2 chosen images gave the whole key; 100\.00 %/);
    expect(await tab.locator('#attack-pictures canvas').count()).toBe(3);
    await tab.getByRole('button', { name: 'Key reuse' }).click();
    await status('attack-status', /^Broken: two images of the same second/);
    await tab.getByLabel('r, exact value').fill('3.9998');
    await status('encrypt-status', /3\.9998/);
    await tab.getByRole('button', { name: 'Search all parameters' }).click();
    await status(
      'attack-status',
      /^Broken: r = 3\.9998\d+, from one cipher picture alone; the exact key; [\d,]+ parameters tried/,
    );
    await tab.selectOption('#map', 'tent');
    await tab.getByRole('button', { name: 'Search all parameters' }).click();
    await status('attack-status', /the search knows the paper's maps/);
  });

  test('a search stops at a click', async () => {
    await tab.selectOption('#map', 'lorenz');
    await tab.getByRole('button', { name: 'Search all parameters' }).click();
    await tab.getByRole('button', { name: 'Stop' }).click();
    await status('attack-status', /^Stopped\.$/);
    await tab.selectOption('#map', 'logistic');
    expect(await tab.getByRole('button', { name: 'Chosen plaintext' }).isEnabled()).toBe(true);
  });

  test('pairs under one key are broken, as by judge --pairs; a lossy cipher picture is refused', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const paths: string[] = [];
    for (const [k, name] of names.entries()) {
      const plain = mriPhantom(64, 64, 20 + k);
      const { cipher } = encryptImage('lorenz', baselineParams.lorenz, plain, presets.paper);
      paths.push(
        file(`${name}.png`, await encodePng(plain)),
        file(`${name}.cipher.png`, await encodePng(cipher)),
      );
    }
    await tab.setInputFiles('#pairs-files', paths);
    await status('pairs-status', /^4 pairs\. Broken by .*key-reuse/);
    await tab.getByRole('heading', { name: 'Attacks that won' }).waitFor();
    expect(await tab.locator('#pairs-pictures canvas').count()).toBeGreaterThan(0);
    await tab.setInputFiles('#pairs-files', [
      paths[0]!,
      file('a.cipher.jpg', await colours().jpeg().toBuffer()),
    ]);
    await status('pairs-status', /which is lossy: .* save it as PNG/);
    await tab.setInputFiles('#pairs-files', [paths[0]!]);
    await status('pairs-status', /no two files belong together/);
  });

  test('a table as file and as text: the verdicts of review', async () => {
    const table =
      'image,size,channels,npcr,entropy\nLena,256x256,1,99.61,7.9974\nMandrill,256x256,1,99.90,7.9999\n';
    await tab.setInputFiles('#table-file', file('table.csv', Buffer.from(table)));
    await status('table-status', /^2 rows: 1 impossible/);
    expect(await tab.locator('#table-result').textContent()).toMatch(/Mandrill.*: impossible/);
    await tab.fill('#table-text', '| image | size | npcr |\n|---|---|---|\n| Lena | 256x256 | 99.61 |\n');
    await tab.getByRole('button', { name: 'Review' }).click();
    await status('table-status', /^1 row: 0 impossible/);
    await tab.fill('#table-text', 'nothing');
    await tab.getByRole('button', { name: 'Review' }).click();
    await tab.locator('#table-status.bad').waitFor();
  });

  test.each([
    ['light', 1280],
    ['dark', 1920],
    ['light', 360],
    ['dark', 768],
  ] as const)('WCAG AA in %s at %d pixels, and nothing sticks out', async (colorScheme, width) => {
    await tab.emulateMedia({ colorScheme });
    await tab.setViewportSize({ width, height: 900 });
    await tab.getByRole('button', { name: 'Chosen plaintext' }).click();
    await status('attack-status', /^Broken/);
    expect(await accessibility(tab)).toMatchObject({ violations: [] });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});
