/** Trainings on the dates of real records, as the manifest of `pairs` splits them. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawMetadataImage } from '../../src/data/pairs/encode.ts';
import { readManifest } from '../../src/data/pairs/manifest.ts';
import { planPairs } from '../../src/data/pairs/pairs.ts';
import { writePairs } from '../../src/data/pairs/pairs-table.ts';
import { openEngine } from '../../src/engine/engine.ts';
import { formatWallClock } from '../../src/shared/datetime.ts';
import { batchOf } from '../../src/training/batches.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';
import { manifestFile } from '../../src/training/date-lesson.ts';
import { recordConfig, recordDates } from '../../src/training/records.ts';
import { studyRun } from '../../src/training/study/study.ts';
import { studyLines } from '../../src/training/study/text.ts';
import { type TrainResult, train, trainRunPath } from '../../src/training/train.ts';
import { openTrained } from '../../src/training/trained.ts';
import { pictureOf } from './_picture.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-records-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const engine = await openEngine();
const manifest = join(root, 'pairs.csv');
const pairs = { count: 24, target: 'calendar', map: 'logistic', seed: 1, valFraction: 0.2 } as const;
await writePairs(root, await planPairs(pairs));

const tiny = { net: 'mobilenetv2', map: 'logistic', size: 64, batch: 7, epochs: 2, decayEpochs: 2, manifest };
const config = (changes: Partial<Record<keyof TrainConfig, unknown>> = {}) =>
  trainConfig({ ...tiny, ...changes });

test("the manifest's splits are the training's, its counts the configuration's", async () => {
  const read = await readManifest(manifest);
  const { train, val, test: held } = recordDates(read);
  expect([train.length, val.length, held.length]).toEqual([14, 5, 5]);
  expect(recordConfig(config(), read)).toEqual({ ...config(), pairs: 14, valPairs: 5 });
  const all = [...train, ...val, ...held].map(formatWallClock);
  expect(all.sort()).toEqual(read.rows.map(({ when }) => formatWallClock(when)).sort());
});

describe('a run', () => {
  const run = join(root, 'run');
  const moved = join(root, 'moved.csv');
  let longer: TrainResult;
  beforeAll(async () => {
    await train(config({ epochs: 1 }), engine, run);
    copyFileSync(manifest, moved);
    longer = await train(config({ manifest: moved }), engine, run);
  });

  test('keeps its manifest, and is resumed with it from wherever it came', async () => {
    expect(readFileSync(manifestFile(run)).equals(readFileSync(manifest))).toBe(true);
    const written = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(written).toMatchObject({ pairs: 14, valPairs: 5, manifest: moved });
    expect(longer.epochs.map(({ imagesSeen }) => imagesSeen)).toEqual([14, 28]);
  });

  test('is called by the content of its manifest, not by its name', async () => {
    const other = join(root, 'other.csv');
    writeFileSync(other, readFileSync(manifest, 'utf8').replaceAll('synthetic', 'by hand'));
    const path = await trainRunPath(config(), engine);
    expect(await trainRunPath(config({ manifest: moved }), engine)).toBe(path);
    expect(await trainRunPath(config({ manifest: other }), engine)).not.toBe(path);
    expect(await trainRunPath(config({ manifest: null, pairs: 14, valPairs: 5 }), engine)).not.toBe(path);
    await expect(train(config({ manifest: other, epochs: 3, decayEpochs: 3 }), engine, run)).rejects.toThrow(
      /holds a run with other options: .*manifest sha256 \w+, now sha256/,
    );
  });
});

describe('a manifest whose pictures show modality and patient', () => {
  const folder = join(root, 'extra');
  const run = join(root, 'extra-run');
  const known = { modality: 'DX', patient: '0123456789abcdef' };
  beforeAll(async () => {
    const plan = await planPairs(pairs);
    const all = async function* () {
      for await (const pair of plan.pairs) yield { ...pair, ...known };
    };
    await writePairs(folder, { ...plan, pairs: all() }, () => {}, ['modality']);
    await train(config({ manifest: join(folder, 'pairs.csv'), epochs: 1 }), engine, run);
  });

  test('a batch holds those pictures, of the parts that the manifest names', async () => {
    const read = await readManifest(join(folder, 'pairs.csv'));
    const given = recordConfig(config(), read);
    const { train: dates } = recordDates(read);
    expect(given.extra).toBe('modality');
    expect(dates[0]).toMatchObject({ extra: known });
    const wanted = { ...dates[0]!, extra: { modality: 'DX', patient: '' } };
    const pixels = Float32Array.from(drawMetadataImage(wanted, 64, 'text'), (v) => v / 255);
    expect(batchOf(given, dates.slice(0, 1)).x).toEqual(pixels);
    // The same dates by a network that was not trained so: the date alone.
    const plain = Float32Array.from(
      drawMetadataImage({ ...wanted, extra: undefined }, 64, 'text'),
      (v) => v / 255,
    );
    expect(batchOf(config(), dates.slice(0, 1)).x).toEqual(plain);
  });

  test('its network is asked with them again, by encrypt and by the study', async () => {
    expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toMatchObject({ extra: 'modality' });
    const [when] = recordDates(await readManifest(manifestFile(run))).train;
    const network = await openTrained(run);
    const drawn = (modality: string) =>
      Float32Array.from(
        drawMetadataImage({ ...when!, extra: { modality, patient: '' } }, 64, 'text'),
        (v) => v / 255,
      );
    expect(pictureOf(network, when!)).toEqual(drawn('DX'));
    expect(pictureOf(network, { ...when!, extra: undefined })).toEqual(drawn(''));
    network.dispose();
    const study = await studyRun(run, engine, { dates: 64, seconds: 256 });
    expect(study.extra).toEqual(known);
    expect(studyLines(study)[0]).toBe('dates are drawn with modality DX and patient 0123456789abcdef');
  });

  test('extra metadata without a manifest is no option', () => {
    expect(() => config({ extra: 'modality', manifest: null })).toThrow(
      /"extra" expected nothing: the manifest says/,
    );
  });
});

describe('wrong input, before anything is written', () => {
  const nothing = join(root, 'nothing');
  const only = (split: string): string => {
    const path = join(root, `${split}.csv`);
    const [head, ...rows] = readFileSync(manifest, 'utf8').trimEnd().split('\n');
    writeFileSync(path, [head, ...rows.filter((row) => !row.includes(`,${split},`))].join('\n'));
    return path;
  };
  test.each<[string, object, RegExp]>([
    ['no such manifest', { manifest: join(root, 'none.csv') }, /cannot read manifest/],
    [
      'another map',
      { map: 'lorenz' },
      /row 2 expected the targets of calendar for lorenz, seed 1, got others; give/,
    ],
    ['another target', { target: 'hash' }, /row 2 expected the targets of hash/],
    [
      'a batch beyond its pairs',
      { batch: 15 },
      /at least one batch of 15 pairs in split train, got 14; give a smaller/,
    ],
    [
      'no pairs to validate',
      { manifest: only('val') },
      /at least 2 pairs in split val, got 0; give pairs a greater/,
    ],
  ])('%s', async (_, changes, message) => {
    await expect(train(config(changes), engine, nothing)).rejects.toThrow(message);
    expect(existsSync(nothing)).toBe(false);
  });

  test('fresh dates', () => {
    expect(() => config({ dates: 'fresh' })).toThrow(/"dates" expected fixed beside a manifest/);
  });

  test('a seed only matters to target random', async () => {
    expect(recordConfig(config({ seed: 9 }), await readManifest(manifest)).pairs).toBe(14);
    expect(() => recordConfig(config({ target: 'random', seed: 9 }), { ...manifestOf() })).toThrow(/random/);
  });
});

const manifestOf = () => ({
  path: 'pairs.csv',
  sha256: '',
  bytes: Buffer.alloc(0),
  extra: null,
  rows: (['train', 'val'] as const).flatMap((split, s) =>
    Array.from({ length: 7 }, (_, i) => ({
      when: { year: 2020, month: 1 + s, day: 1 + i, hour: 0, minute: 0, second: 0 },
      split,
      modality: '',
      patient: '',
      targets: [0.5],
    })),
  ),
});
