/** `report` of runs that are not finished, or not whole: one clear sentence, or a page that says what it lacks. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import report from '../../scripts/report.ts';
import { InputError } from '../../src/shared/errors.ts';
import type { ReproductionResults } from '../../src/tables/results.ts';
import { writeResults } from '../../src/tables/run-json.ts';
import { trainDefaults } from '../../src/training/config.ts';
import { makeFixture, withPeers, writePictures } from './fixture.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-damaged-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Answer {
  reports: string[];
  missing?: { report: string; text: string }[];
}
const reportOf = async (...run: string[]): Promise<Answer> =>
  (await report.run({ run, _: [], $0: '' } as never)).json as Answer;

const former = 'the report that was there';
let copies = 0;
/** A copy of a run, with a former report. */
function copyOf(whole: string): string {
  const path = join(root, `copy-${copies++}`);
  cpSync(whole, path, { recursive: true });
  writeFileSync(join(path, 'report.html'), former);
  return path;
}
const pageOf = (run: string): string => readFileSync(join(run, 'report.html'), 'utf8');
const write = (run: string, file: string, text: string) => writeFileSync(join(run, file), text);

describe('a reproduction', () => {
  const whole = join(root, 'reproduction');
  const shown = 'images/sample1/logistic+resnet18';
  beforeAll(async () => {
    const fixture = makeFixture(32);
    await writePictures(whole, fixture);
    await writeResults(whole, withPeers(fixture));
    write(whole, 'status.json', '{"state":"done"}');
  });

  type Mutable = { -readonly [K in keyof ReproductionResults]: ReproductionResults[K] };
  /** run.json with a change, as what was written by another program. */
  function edit(run: string, change: (results: Mutable & Record<string, never>) => void): void {
    const results = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    change(results);
    write(run, 'run.json', JSON.stringify(results));
  }

  const refused: [string, (run: string) => void, RegExp][] = [
    [
      'killed before its results',
      (run) => begunOnly(run),
      /copy-\d+ is not finished \(running\); run the command that began it again: it/,
    ],
    [
      'failed, which config.json tells the command of',
      (run) => {
        begunOnly(run, '{"state":"failed","reason":"the disk is full"}');
        write(run, 'config.json', '{"command":"npm run reproduce-tables -- --seed 2"}');
      },
      /is not finished \(failed: the disk is full\); run .* again \(npm run reproduce-tables -- --seed 2\): it goes on/,
    ],
    [
      'with a torn status and no results',
      (run) => begunOnly(run, '{"sta'),
      /is not finished \(its status.json is damaged\); run the command/,
    ],
    [
      'that lost its results',
      (run) => begunOnly(run, '{"state":"done"}'),
      /has lost its results, run.json or metrics.jsonl, .*; run the command/,
    ],
    [
      'torn',
      (run) => truncateSync(join(run, 'run.json'), 3000),
      /run.json expected JSON, got a damaged file: .*; run again/,
    ],
    [
      'empty',
      (run) => write(run, 'run.json', ''),
      /run.json expected JSON, got a damaged file: .*; run again/,
    ],
    [
      'of a later version',
      (run) => edit(run, (r) => Object.assign(r, { version: 2 })),
      /results of version 1, got 2; run:/,
    ],
    [
      'with half a cell',
      (run) => edit(run, ({ cells }) => Object.assign(cells[3]!, { measures: { uaci: 1 } })),
      /run.json is damaged: "cells\[3\].measures.uaci" expected an object, got 1; run again: npm run rep/,
    ],
    [
      'with a cell that is null',
      (run) => edit(run, (r) => Object.assign(r.cells, [null])),
      /damaged: "cells\[0\]" expected an object, got null/,
    ],
    [
      'of no image',
      (run) => edit(run, (r) => Object.assign(r, { images: [] })),
      /damaged: "images" expected at least 1, got \[\]/,
    ],
    [
      'with an image that nothing knows',
      (run) => edit(run, ({ images }) => Object.assign(images[1]!, { id: 'x' })),
      /images\[1\].id" expected sample1, .* or dicom, got x/,
    ],
    [
      'with a cell of an image that it lacks',
      (run) => edit(run, (r) => Object.assign(r, { images: r.images.slice(1) })),
      /cells\[0\].image" expected sample2, .*, got sample1/,
    ],
    [
      'without environment',
      (run) => edit(run, (r) => Object.assign(r, { environment: null })),
      /"environment" expected an object, got null/,
    ],
    [
      'with a training of no epoch',
      (run) => edit(run, ({ training }) => Object.assign(training[0]!, { epochs: [] })),
      /training\[0\].epochs" expected at least 1/,
    ],
    [
      'with half of its peers',
      (run) => edit(run, (r) => Object.assign(r, { peers: {} })),
      /"peers.ciphers" expected a list, got nothing/,
    ],
    [
      'with a torn picture',
      (run) => truncateSync(join(run, shown, 'cipher.png'), 300),
      /copy-\d+\/images\/sample1\/.*cipher.png: expected a whole PNG image, .* the command that made the run, or delete it/,
    ],
    [
      'with the picture of another image',
      (run) => cpSync(join(run, shown.replace('1', '2'), 'cipher.png'), join(run, shown, 'cipher.png')),
      /cipher.png expected 11x16 pixels, as run.json says, got 22x22; .* or delete it/,
    ],
    [
      'with a torn picture of an attack',
      (run) => tornAttack(run),
      /attacks\/paper\/x\/found.png: expected .*, or delete it for a report without it/,
    ],
    [
      'with an attack that says nothing',
      (run) => attacked(run, '{"attacks":[{}]}'),
      /attacks.json is damaged; make it again: medchaos attack all/,
    ],
  ];

  function begunOnly(run: string, status = '{"state":"running"}'): void {
    rmSync(join(run, 'run.json'));
    write(run, 'status.json', status);
  }

  function attacked(run: string, text: string): void {
    mkdirSync(join(run, 'attacks', 'paper', 'x'), { recursive: true });
    write(run, 'attacks/attacks.json', text);
  }

  function tornAttack(run: string): void {
    const numbers = { successRate: 1, rounds: 1, queries: 1, seconds: 1 };
    const attack = {
      name: 'x',
      scheme: 'paper',
      success: true,
      ...numbers,
      finding: 'all',
      pictureNames: ['found'],
    };
    attacked(run, JSON.stringify({ attacks: [attack] }));
    cpSync(join(run, shown, 'plain.png'), join(run, 'attacks', 'paper', 'x', 'found.png'));
    truncateSync(join(run, 'attacks', 'paper', 'x', 'found.png'), 100);
  }

  test.each(refused)('%s is refused, and its former report stays', async (_, damage, message) => {
    const run = copyOf(whole);
    damage(run);
    const attempt = reportOf(run);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(InputError);
    expect(pageOf(run)).toBe(former);
    expect(existsSync(join(run, 'tables'))).toBe(false);
  });

  const incomplete: [string, (run: string) => void, string | RegExp][] = [
    [
      'pairs',
      (run) => edit(run, (r) => Object.assign(r, { cells: r.cells.slice(0, 46) })),
      '2 of 48 pairs of image and method are not in run.json: Image D by Logistic, Image D by Lorenz.',
    ],
    [
      'images',
      (run) =>
        edit(run, (r) =>
          Object.assign(r, {
            images: r.images.filter(({ id }) => id !== 'sample3'),
            cells: r.cells.filter(({ image }) => image !== 'sample3'),
          }),
        ),
      'run.json lacks the images: Sample 3.',
    ],
    [
      'times',
      (run) => edit(run, (r) => Object.assign(r, { timings: [] })),
      /run.json lacks the times \(Table 2\): Logistic \+ ResNet-18, /,
    ],
    [
      'trainings',
      (run) => edit(run, (r) => Object.assign(r, { training: r.training.slice(1) })),
      /^run.json lacks the trainings: Logistic \+ ResNet-18.$/,
    ],
    [
      'a picture',
      (run) => rmSync(join(run, shown, 'decrypted.png')),
      /Without thumbnails, histograms and correlation plots, .*: Sample 1.$/,
    ],
    [
      'its end, begun again',
      (run) => write(run, 'status.json', '{"state":"running"}'),
      /begun again and has not ended \(running\): these are the results/,
    ],
  ];
  test.each(incomplete)('that lacks %s is shown, which its page says first', async (_, damage, told) => {
    const run = copyOf(whole);
    damage(run);
    const { reports, missing } = await reportOf(run);
    expect(missing).toEqual([{ report: reports[0], text: expect.stringMatching(told) }]);
    const [first] = /<ul class="outcome"><li.*<\/li>/.exec(pageOf(run))!;
    const escaped = missing![0]!.text.replaceAll('&', '&amp;');
    expect(first).toBe(
      `<ul class="outcome"><li id="outcome-incomplete"><strong>Not all of this run is here.</strong> ${escaped}</li>`,
    );
    expect(existsSync(join(run, 'tables', 'table-7.csv'))).toBe(true);
  });

  test('that is whole says nothing of this, whatever became of its tables', async () => {
    const run = copyOf(whole);
    expect((await reportOf(run)).missing).toBeUndefined();
    expect(pageOf(run)).not.toContain('outcome-incomplete');
  });

  test.each([
    ['torn', (run: string) => truncateSync(join(run, 'run.json'), 3000)],
    ['not finished', (run: string) => begunOnly(run)],
    ['not there', (run: string) => rmSync(run, { recursive: true })],
  ])('compared with one that is %s: neither page is touched', async (_, damage) => {
    const [a, b] = [copyOf(whole), copyOf(whole)];
    damage(b);
    await expect(reportOf(a, b)).rejects.toThrow(b);
    await expect(reportOf(b, a)).rejects.toThrow(InputError);
    expect(pageOf(a)).toBe(former);
  });
});

describe('a training', () => {
  const whole = join(root, 'training');
  const lineOf = (epoch: number): string =>
    JSON.stringify({
      epoch,
      steps: epoch,
      imagesSeen: 16 * epoch,
      trainLoss: 0.1,
      valLoss: 0.1,
      valMae: [0.1],
      valR2: [0.5, 0.5, 0.5],
      lr: 0,
      seconds: epoch,
    });
  const lines = [1, 2, 3].map(lineOf);
  beforeAll(() => {
    mkdirSync(whole);
    write(whole, 'config.json', JSON.stringify({ ...trainDefaults, epochs: 3 }));
    write(whole, 'env.json', '{"node":"20"}');
    write(whole, 'metrics.jsonl', `${lines.join('\n')}\n`);
    write(whole, 'status.json', '{"state":"done"}');
  });

  const shown: [string, (run: string) => void, (string | RegExp)[]][] = [
    ['whole', () => {}, []],
    [
      'with a torn last line',
      (run) => write(run, 'metrics.jsonl', `${lines[0]}\n${lines[1]!.slice(0, 40)}`),
      [],
    ],
    [
      'with a torn line between',
      (run) => write(run, 'metrics.jsonl', [lines[0], lines[1]!.slice(0, 40), lines[2]].join('\n')),
      ['metrics.jsonl lacks epoch 2, or its line is damaged: the curves leave it out.'],
    ],
    [
      'with lines that are no epochs',
      (run) => write(run, 'metrics.jsonl', ['5', 'null', '{"epoch":2}', lines[2]].join('\n')),
      [/lacks epoch 1, 2, or/],
    ],
    [
      'still at work',
      (run) => write(run, 'status.json', '{"state":"running"}'),
      [/has not ended \(running\): epoch 3 of 3; the same command goes on where it was/],
    ],
    [
      'with a torn status',
      (run) => write(run, 'status.json', '{"sta'),
      [/has not ended \(no whole status.json\)/],
    ],
    ['without environment', (run) => rmSync(join(run, 'env.json')), [/^env.json is missing or damaged/]],
    [
      'with half a study',
      (run) => write(run, 'study.json', '{"version":1}'),
      [/^study.json is damaged; make it again: npm run study/],
    ],
  ];
  test.each(shown)('%s is shown, with what it lacks', async (_, damage, told) => {
    const run = copyOf(whole);
    damage(run);
    const { missing = [] } = await reportOf(run);
    expect(missing.map(({ text }) => text)).toEqual(told.map((text) => expect.stringMatching(text)));
    const said = /<p id="missing">(.*)<\/p>/.exec(pageOf(run))?.[1];
    expect(said).toBe(missing[0]?.text);
    expect(pageOf(run)).toContain('Learning curves');
  });

  const refused: [string, (run: string) => void, RegExp][] = [
    [
      'without a whole epoch',
      (run) => write(run, 'metrics.jsonl', lines[0]!.slice(0, 40)),
      /holds no finished epoch of a training: none is whole/,
    ],
    [
      'that lost its metrics',
      (run) => rmSync(join(run, 'metrics.jsonl')),
      /has lost its results, run.json or metrics.jsonl/,
    ],
    [
      'with a torn config',
      (run) => truncateSync(join(run, 'config.json'), 20),
      /its config.json is missing or damaged/,
    ],
    [
      'with a config that is null',
      (run) => write(run, 'config.json', 'null'),
      /its config.json is missing or damaged/,
    ],
    [
      'of nothing known',
      (run) => write(run, 'config.json', '{"net":"x"}'),
      /its config.json names no map and net/,
    ],
  ];
  test.each(refused)('%s is refused, and its former page stays', async (_, damage, message) => {
    const run = copyOf(whole);
    damage(run);
    await expect(reportOf(run)).rejects.toThrow(message);
    await expect(reportOf(run)).rejects.toThrow(InputError);
    expect(pageOf(run)).toBe(former);
  });
});

describe('a sweep', () => {
  const sweep = join(root, 'sweep');
  const cell = (name: string) => join(sweep, name);
  beforeAll(() => {
    for (const name of ['done', 'half']) {
      mkdirSync(cell(name), { recursive: true });
      write(cell(name), 'config.json', '{"work":"nist","config":{}}');
    }
    write(sweep, 'sweep.json', '{"sweep":"x","work":"nist"}');
    write(cell('done'), 'result.json', '{"measures":{},"seconds":1}');
    write(cell('done'), 'status.json', '{"state":"done"}');
    write(cell('half'), 'status.json', '{"state":"running"}');
  });

  test('that is not finished: its page says how far it is', async () => {
    const { missing } = await reportOf(sweep);
    expect(missing!.map(({ text }) => text)).toEqual([
      '1 of 2 cells are done; the same sweep command does the rest.',
    ]);
    expect(pageOf(sweep)).toContain('1 of 2 cells done, 1 not run yet.');
  });

  test.each(['done', 'half'])('whose cell, %s, is asked for: where its report is', async (name) => {
    await expect(reportOf(cell(name))).rejects.toThrow(
      /is a cell of a sweep \(\w+\), which has no report of its own; the sweep's is .*sweep\/README.md/,
    );
  });
});
