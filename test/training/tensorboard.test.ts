/** Event files, read back byte by byte here, and by TensorBoard itself where Python has it (MEDCHAOS_PYTHON). */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { EpochRecord, StepRecord } from '../../src/training/fit.ts';
import { EventFile } from '../../src/training/tensorboard/event-file.ts';
import { decodeEvent, type Event } from '../../src/training/tensorboard/messages.ts';
import { readSteps } from '../../src/training/tensorboard/read-steps.ts';
import { frame, maskedCrc } from '../../src/training/tensorboard/record.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-events-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** CRC-32C bit by bit (Castagnoli's polynomial, reflected), masked. */
function maskedCrcPlain(bytes: Uint8Array): bigint {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? 0x82f63b78n : 0n);
  }
  crc ^= 0xffffffffn;
  return (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;
}

/** The events of all event files of a folder, in TensorBoard's order, every checksum checked. */
function eventsIn(folder: string): Event[] {
  const names = readdirSync(folder).filter((name) => name.startsWith('events.out.tfevents.'));
  return names.sort().flatMap((name) => framesOf(readFileSync(join(folder, name))).map(decodeEvent));
}

function framesOf(file: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(BigInt(file.readUInt32LE(at + 8))).toBe(maskedCrcPlain(file.subarray(at, at + 8)));
    expect(BigInt(file.readUInt32LE(at + 12 + length))).toBe(maskedCrcPlain(data));
    frames.push(data);
    at += length + 16;
  }
  return frames;
}

const step = (steps: number, loss = 1 / steps): StepRecord => ({
  steps,
  total: 4,
  loss,
  lr: 0.001,
  imagesPerSecond: 100,
  secondsLeft: 1,
});
const epoch = (steps: number): EpochRecord => ({
  epoch: steps / 2,
  steps,
  imagesSeen: 8 * steps,
  trainLoss: 0.5,
  valLoss: 0.25,
  valMae: [0.125],
  valR2: [0.75],
  lr: 0,
  seconds: 1,
});

/** Killed after step 3 where only step 2 was kept, and gone on from there with other losses. */
function interrupted(name: string): string {
  const run = join(root, name);
  mkdirSync(run);
  const first = new EventFile(run, 0);
  first.config({ net: 'resnet18', init: null });
  first.step(step(1));
  first.step(step(2));
  first.epoch(epoch(2), ['r']);
  first.step(step(3));
  first.close();
  const second = new EventFile(run, 2);
  second.step(step(3, 7));
  second.step(step(4, 8));
  second.epoch(epoch(4), ['r']);
  second.close();
  return run;
}

describe('TFRecord', () => {
  test('checksums are those of CRC-32C: "123456789" has e3069283 (RFC 3720, appendix B.4: 32 zeros, 8a9136aa)', () => {
    const masked = (crc: bigint) => Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
    expect(maskedCrc(Buffer.from('123456789'))).toBe(masked(0xe3069283n));
    expect(maskedCrc(new Uint8Array(32))).toBe(masked(0x8a9136aan));
  });

  test('a record is length, its checksum, data, their checksum', () => {
    const [data, ...none] = framesOf(Buffer.from(frame(Buffer.from('abc'))));
    expect([data!.toString(), none]).toEqual(['abc', []]);
  });
});

describe('an event file', () => {
  test('is read back: a resumed run voids the steps that it takes again, a cut record ends the file', async () => {
    const run = interrupted('read');
    const losses = async () => (await readSteps(run)).map(({ steps, loss }) => [steps, loss]);
    expect(await losses()).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 7],
      [4, 8],
    ]);
    const last = readdirSync(run).sort().at(-1)!;
    truncateSync(join(run, last), 240);
    expect(await losses()).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 7],
    ]);
    expect(await readSteps(join(root, 'nowhere'))).toEqual([]);
  });

  test('holds version, settings, scalars of steps and of epochs', () => {
    const [version, config, one, , ep] = eventsIn(interrupted('whole'));
    expect(version).toMatchObject({ fileVersion: 'brain.Event:2' });
    expect(version!.wallTime).toBeGreaterThan(1.7e9);
    const { tag, tensor } = config!.summary!.value[0] as { tag: string; tensor: { stringVal: Buffer[] } };
    expect([tag, String(tensor.stringVal[0])]).toEqual([
      'config',
      '| option | value |\n|---|---|\n| net | resnet18 |\n| init | none |',
    ]);
    const scalars = (event: Event) => event.summary!.value.map(({ tag, simpleValue }) => [tag, simpleValue]);
    expect(one!.step).toBe(1);
    expect(scalars(one!)).toEqual([
      ['step/loss', 1],
      ['step/learning_rate', Math.fround(0.001)],
      ['step/images_per_second', 100],
    ]);
    expect(scalars(ep!)).toEqual([
      ['epoch/train_loss', 0.5],
      ['epoch/validation_loss', 0.25],
      ['epoch/mae_r', 0.125],
      ['epoch/r2_r', 0.75],
    ]);
  });

  test('resumed: a second file, which takes back what the first says beyond its start', () => {
    const events = eventsIn(interrupted('resumed'));
    const restart = events.findIndex(({ sessionLog }) => sessionLog);
    expect(events[restart]).toMatchObject({ step: 3, sessionLog: { status: 1 } });
    expect(events.slice(restart + 1).map((event) => event.step)).toEqual([3, 4, 4]);
  });

  test('of a long run has at most 2000 points a curve', () => {
    const run = join(root, 'long');
    mkdirSync(run);
    const file = new EventFile(run, 0);
    for (let steps = 1; steps <= 5000; steps++) file.step({ ...step(steps), total: 5000 });
    file.close();
    const steps = eventsIn(run).flatMap((event) => event.step ?? []);
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([1666, 3, 4998]);
  });

  test('where none can be written: one sentence', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => new EventFile(join(root, 'file'), 0)).toThrow(
      /cannot write .*part of the path is a file.*--out/,
    );
  });
});

const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
const accumulator = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
read = EventAccumulator(sys.argv[1])
read.Reload()
tags = read.Tags()
scalars = {tag: [[e.step, e.value] for e in read.Scalars(tag)] for tag in tags["scalars"]}
texts = [bytes(read.Tensors(tag)[0].tensor_proto.string_val[0]).decode() for tag in tags["tensors"]]
print(json.dumps({"scalars": scalars, "texts": texts}))
`;
const probe = spawnSync(python, ['-c', 'import tensorboard'], { encoding: 'utf8' });
const missing = probe.status === 0 ? '' : `needs tensorboard in ${python}`;

describe.skipIf(missing)(`TensorBoard reads ${missing}`, () => {
  const read = (run: string) => {
    const { stdout, stderr, status } = spawnSync(python, ['-c', accumulator, run], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as { scalars: Record<string, [number, number][]>; texts: string[] };
  };

  test('an interrupted and resumed run as one curve, each step once', () => {
    const { scalars, texts } = read(interrupted('accumulated'));
    expect(scalars['step/loss']).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 7],
      [4, 8],
    ]);
    expect(scalars['epoch/r2_r']).toEqual([
      [2, 0.75],
      [4, 0.75],
    ]);
    expect(texts).toEqual(['| option | value |\n|---|---|\n| net | resnet18 |\n| init | none |']);
  });

  test('a file that a kill cut off in the middle of a record', () => {
    const run = interrupted('cut');
    const name = readdirSync(run).sort()[1]!;
    truncateSync(join(run, name), readFileSync(join(run, name)).length - 5);
    expect(read(run).scalars['step/loss']).toHaveLength(4);
    expect(read(run).scalars['epoch/r2_r']).toHaveLength(1);
  });
});
