/** Long jobs in parts: the parts together give what one process gives, whatever was killed, failed or came first. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  deriveKeys,
  encryptRaster,
  makeKeyPair,
  parametersFromSigmoid,
  presets,
} from '../../src/cipher/index.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { targetOf } from '../../src/data/pairs/target.ts';
import { testSequences } from '../../src/judge/nist.ts';
import { cutInput, keystreamInput } from '../../src/judge/nist-input.ts';
import type { CellRow } from '../../src/report/sweep/summary.ts';
import { parseWallClock } from '../../src/shared/datetime.ts';
import { stream } from '../../src/shared/random.ts';
import { mergedText, mergeJobs } from '../../src/sweep/merge.ts';
import { checkShard, jobId, ownsName, rangeOf } from '../../src/sweep/shard.ts';
import { planOf } from '../../src/sweep/sweep.ts';
import type { Config, Work } from '../../src/sweep/work.ts';
import dateSearch from '../../src/sweep/works/date-search.ts';
import encryptFolder from '../../src/sweep/works/encrypt-folder.ts';
import nist from '../../src/sweep/works/nist.ts';
import { bytes, noiseImage } from '../attacks/_images.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-parts-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A sweep of one work in this process: cells in the order of `shards`, each in its folder of `out`. */
function jobOf(work: Work, out: string, base: Config) {
  const rows = new Map<number, CellRow>();
  const folderOf = (shard: number): string => join(dir, out, `part-${shard}`);
  return {
    folderOf,
    async run(...shards: number[]): Promise<void> {
      for (const shard of shards) {
        const config = { ...work.defaults, ...base, shard };
        work.check?.(config);
        mkdirSync(folderOf(shard), { recursive: true });
        const cell = { id: `part-${shard}`, config, seed: 1, seconds: 1 };
        const row = await work.run(config, folderOf(shard)).then(
          (measures): CellRow => ({ ...cell, state: 'done', reason: null, measures }),
          (error): CellRow => ({ ...cell, state: 'failed', reason: error.message, measures: {} }),
        );
        rows.set(shard, row);
      }
    },
    rows,
    merged: async () => (await mergeJobs(work.merge!, [...rows.values()], ['shard'], join(dir, out)))[0]!,
  };
}

describe('parts', () => {
  test.each([
    [10, 3],
    [2, 5],
    [1000, 7],
  ])('of %i items in %i have each once', (total, shards) => {
    const ranges = Array.from({ length: shards }, (_, shard) => rangeOf(total, { shard, shards }));
    const items = ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, k) => first + k));
    expect(items).toEqual(Array.from({ length: total }, (_, k) => k));
    const counts = ranges.map(({ count }) => count);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(2);
  });

  test('own each name once, about as many each', () => {
    const names = Array.from({ length: 3000 }, (_, k) => `ward/${k}`);
    const owned = [0, 1, 2].map((shard) => names.filter((name) => ownsName(name, { shard, shards: 3 })));
    expect(owned.flat().sort()).toEqual(names.sort());
    for (const { length } of owned) expect(Math.abs(length - 1000)).toBeLessThan(130); // 5 sd
  });

  test('of one job have one name, another job has another', () => {
    const config = { map: 'lorenz', shard: 0, shards: 2, seed: 1 };
    expect(jobId({ ...config, shard: 1 })).toBe(jobId(config));
    expect(jobId({ ...config, map: 'logistic' })).not.toBe(jobId(config));
  });

  const wrong: [number, number, RegExp][] = [
    [0, 0, /"shards" expected an integer from 1/],
    [0, 1.5, /"shards" expected/],
    [3, 3, /"shard" expected an integer from 0 to 2, got 3/],
    [-1, 3, /"shard" expected/],
  ];
  test.each(wrong)('shard %d of %d is refused', (shard, shards, message) => {
    expect(() => checkShard({ shard, shards })).toThrow(message);
  });
});

describe('nist', () => {
  const base = {
    map: 'logistic',
    preset: 'sound',
    bits: 4003,
    sequences: 60,
    tests: 'runs,serial,cusum',
    shards: 4,
  };
  const whole = async () => {
    const input = keystreamInput({ map: 'logistic', preset: 'sound', depth: 8 }, 60 * 4003);
    const request = { tests: ['runs', 'serial', 'cusum'], threads: 1 } as const;
    return testSequences(input, cutInput(input.bits, 4003, 60), request);
  };

  test('the parts give the summary of all sequences, P_T included; a killed one goes on', async () => {
    const job = jobOf(nist, 'nist', base);
    await job.run(2, 0, 3, 1);
    const { complete, result, text } = await job.merged();
    const { summary } = await whole();
    expect(complete).toBe(true);
    expect((result as { summary: unknown }).summary).toEqual(summary);
    expect(summary.subTests[0]!.uniformity).not.toBeNull();
    expect(text).toContain('60 sequences of 4,003 bits');

    const log = join(job.folderOf(1), 'sequences.jsonl');
    const text1 = readFileSync(log, 'utf8');
    writeFileSync(log, text1.slice(0, text1.length / 2)); // killed within a line
    await job.run(1);
    expect(readFileSync(log, 'utf8')).toBe(text1);
  });

  test('parts of a file, and what is missing', async () => {
    const { bytes: data } = keystreamInput({ map: 'logistic', preset: 'sound', depth: 8 }, 60 * 4003);
    writeFileSync(join(dir, 'bits.bin'), data);
    const job = jobOf(nist, 'nist-file', { ...base, file: join(dir, 'bits.bin'), format: 'raw' });
    await job.run(0, 1, 3);
    const partial = await job.merged();
    expect(partial).toMatchObject({ complete: false, missing: [2], result: { sequences: 45 } });
    expect(mergedText([partial])).toContain('Not complete: 1 of 4 parts are missing (2).');
    await job.run(2);
    expect((await job.merged()).result).toMatchObject({ summary: (await whole()).summary });
  });

  test('a file that is too short, and sequences no test can run on, fail', async () => {
    const job = jobOf(nist, 'nist-short', { ...base, file: join(dir, 'bits.bin'), sequences: 61 });
    await job.run(0);
    expect(job.rows.get(0)!.reason).toMatch(/61 times 4003 bits are 244183.*give a longer file/);
    const short = jobOf(nist, 'nist-none', { ...base, bits: 20 });
    await short.run(0);
    expect(short.rows.get(0)!.reason).toMatch(/expected at least 100 bits, got 20/);
  });
});

describe('encrypt-folder', () => {
  beforeAll(async () => {
    const { publicPem, privatePem } = await makeKeyPair(2048);
    writeFileSync(join(dir, 'public.pem'), publicPem);
    writeFileSync(join(dir, 'private.pem'), privatePem);
  });

  const images = Object.fromEntries(
    Array.from({ length: 9 }, (_, k) => [
      `${'ab'[k % 2]}/${k}.png`,
      noiseImage({ width: 12, height: 9, channels: 1, depth: 8 }, stream(k, 'parts')),
    ]),
  );
  async function folderOf(name: string) {
    const [folder, out] = [join(dir, name), join(dir, `${name}-sealed`)];
    for (const side of ['a', 'b']) mkdirSync(join(folder, side), { recursive: true });
    for (const [file, image] of Object.entries(images))
      writeFileSync(join(folder, file), await encodePng(image));
    const base = {
      folder,
      out,
      recipients: join(dir, 'public.pem'),
      map: 'logistic',
      params: '3.95',
      shards: 2,
    };
    return { folder, out, base };
  }

  test('every image once; a bad one is listed, stops no other, and is done when mended', async () => {
    const { folder, out, base } = await folderOf('scans');
    writeFileSync(join(folder, 'a', 'bad.png'), Buffer.from('\x89PNG and no more', 'latin1'));
    const job = jobOf(encryptFolder, 'scans-job', base);
    await job.run(0, 1);
    const first = await job.merged();
    expect(first).toMatchObject({
      complete: false,
      result: { images: 10, encrypted: 9, others: 0 },
    });
    expect(first.result).toMatchObject({ failed: [{ file: join(folder, 'a', 'bad.png') }] });
    const reasons = [...job.rows.values()].flatMap(({ reason }) => reason ?? []);
    expect(reasons).toEqual([expect.stringMatching(/1 of \d images failed, the first .*bad\.png/)]);
    for (const file of Object.keys(images)) {
      const stem = join(out, file.replace('.png', ''));
      expect([existsSync(`${stem}.cipher.png`), existsSync(`${stem}.keys.jwe`)]).toEqual([true, true]);
    }
    const mended = noiseImage({ width: 12, height: 9, channels: 1, depth: 8 }, stream(99, 'parts'));
    writeFileSync(join(folder, 'a', 'bad.png'), await encodePng(mended));
    await job.run(missingIn(first));
    expect(await job.merged()).toMatchObject({
      complete: true,
      result: { images: 10, encrypted: 10, failed: [] },
    });
  });
  const missingIn = ({ missing }: { missing: readonly number[] }): number => missing[0]!;

  test('a picture that two parts have is encrypted by both', async () => {
    const { folder, out, base } = await folderOf('twice');
    const part = (name: string) => [0, 1].find((shard) => ownsName(name, { shard, shards: 2 }));
    const other = ['x', 'y', 'z', 'u', 'v', 'w'].find((name) => part(`a/${name}`) !== part('a/0'))!;
    cpSync(join(folder, 'a', '0.png'), join(folder, 'a', `${other}.png`));
    const job = jobOf(encryptFolder, 'twice-job', base);
    await job.run(0, 1);
    expect(await job.merged()).toMatchObject({ complete: true, result: { encrypted: 10, failed: [] } });
    for (const name of ['0', other]) expect(existsSync(join(out, 'a', `${name}.cipher.png`))).toBe(true);
  });

  test('a key that opens is not taken for one that seals', async () => {
    const { base } = await folderOf('keys');
    const job = jobOf(encryptFolder, 'keys-job', { ...base, recipients: join(dir, 'private.pem') });
    await job.run(0);
    expect(job.rows.get(0)!.reason).toMatch(/public/);
  });
});

describe('date-search', () => {
  const plain = mriPhantom(96, 64, 1);
  const secret = '2021-05-06T07:08:09';
  async function base(change: Config = {}) {
    const params = parametersFromSigmoid(
      'lorenz',
      Float32Array.from(targetOf(parseWallClock(secret), 'lorenz', 'calendar', 1)),
    );
    const keys = deriveKeys('lorenz', params, plain, presets.paper);
    writeFileSync(join(dir, 'x.cipher.png'), await encodePng(encryptRaster(plain, keys)));
    const from = '2021-05-06T07:05:00';
    return {
      cipher: join(dir, 'x.cipher.png'),
      source: 'exact',
      from,
      span: 300,
      ulps: 1,
      shards: 3,
      ...change,
    };
  }

  test('one part finds the date; those that begin later do nothing', async () => {
    const job = jobOf(dateSearch, 'dates', await base());
    await job.run(0, 1, 2);
    const dates = [0, 1, 2].map((shard) => job.rows.get(shard)!.measures.dates);
    expect(dates).toEqual([100, 100, 0]);
    const { complete, result, text } = await job.merged();
    expect(complete).toBe(true);
    expect(result).toMatchObject({ found: { date: secret }, dates: 200, letBe: 1 });
    expect(text).toMatch(/^Found: 2021-05-06T07:08:09 decrypts the image\. 200 dates/);
    const file = readFileSync(join(job.folderOf(1), 'recovered.png'));
    expect(bytes((await loadRaster(file, 'recovered.png', 'native')).data).equals(bytes(plain.data))).toBe(
      true,
    );
  });

  test('all parts on request, in any order, with the same find; none where it is not in the span', async () => {
    const job = jobOf(dateSearch, 'dates-all', await base({ stop: false }));
    await job.run(2, 1, 0);
    expect((await job.merged()).result).toMatchObject({ found: { date: secret }, dates: 300, letBe: 0 });
    const none = jobOf(dateSearch, 'dates-none', await base({ span: 150 }));
    await none.run(0, 1, 2);
    const { result, text } = await none.merged();
    expect(result).toMatchObject({ found: null, dates: 150 });
    expect(text).toMatch(/^Not found in the parts of 2021-05-06T07:05:00 to 2021-05-06T07:07:29/);
  });
});

describe('wrong inputs', () => {
  const table: [string, Work, Config, RegExp][] = [
    ['nist', nist, { depth: 12 }, /"depth" expected 8 or 16, got 12/],
    ['nist', nist, { tests: 'runs,walks' }, /"tests" expected frequency, .*got walks/],
    ['nist', nist, { bits: 0.5 }, /"bits" expected an integer/],
    ['nist', nist, { alpha: 1 }, /"alpha" expected a number above 0/],
    ['nist', nist, { params: '10,x' }, /"params" expected numbers/],
    ['nist', nist, { shard: 2, shards: 2 }, /"shard" expected an integer from 0 to 1/],
    [
      'encrypt-folder',
      encryptFolder,
      { scheme: 'paper', params: '3.95' },
      /"params" are the key under scheme paper/,
    ],
    ['encrypt-folder', encryptFolder, { scheme: 'magic' }, /"scheme" expected hardened or paper/],
    ['encrypt-folder', encryptFolder, { threads: 0 }, /"threads" expected an integer from 1/],
    ['encrypt-folder', encryptFolder, { privateKey: 'private.pem' }, /"privateKey" is no key of work/],
    ['date-search', dateSearch, { from: 'spring' }, /expected/],
    ['date-search', dateSearch, { span: 0 }, /"span" expected an integer from 1/],
    ['date-search', dateSearch, { source: 'oracle' }, /"source" expected network or exact/],
    ['date-search', dateSearch, { shards: 1, shard: 0 }, /"shards" expected at least 2 for this span, got 1/],
  ];
  test.each(table)('%s %#', (_, work, base, message) => {
    expect(() => planOf({ name: 'x', question: 'Why?', work: 'x', seeds: [1], base }, work)).toThrow(message);
  });
});
