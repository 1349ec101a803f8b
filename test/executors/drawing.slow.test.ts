/** Pictures that the graph draws from codes, beside those drawn here: equal to the bit. */
import { describe, expect, test } from 'vitest';
import type { Metadata } from '../../src/data/metadata/extra.ts';
import { syntheticDates } from '../../src/data/pairs/dates.ts';
import {
  checkedEncoder,
  codesOf,
  drawingOf,
  type EncoderName,
  encoderNames,
} from '../../src/data/pairs/drawing.ts';
import { drawMetadataImage } from '../../src/data/pairs/encode.ts';
import { GraphWriter } from '../../src/engine/graph-writer.ts';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import type { Images, Input } from '../../src/executors/executor.ts';
import { GraphInference } from '../../src/executors/graph/inference.ts';
import { feedOf, images } from '../../src/executors/graph/input.ts';
import { mirror } from '../../src/executors/graph/mirror.ts';
import { GraphSession } from '../../src/executors/graph/session.ts';
import { GraphTrainer } from '../../src/executors/graph/trainer.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { fromSeconds, parseWallClock } from '../../src/shared/datetime.ts';
import { stream } from '../../src/shared/random.ts';
import { batchOf, codesFor, inputOf, wantedOf } from '../../src/training/batches.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';
import { engine, notNative, onBackend } from './_engines.ts';
import { seededTensors, smallNetworks } from './_small.ts';

/** From the first second to the last. */
const dates = [
  ...syntheticDates(4, 1, 'drawing'),
  ...['0001-01-01T00:00:00', '9999-12-31T23:59:59', '2023-02-28T14:05:09'].map(parseWallClock),
  ...Array.from({ length: 6 }, (_, i) => fromSeconds(59 ** (i + 1))),
];
const extras = [
  { modality: '', patient: '' },
  { modality: 'CT', patient: '0000000000000000' },
  { modality: '________________', patient: 'ffffffffffffffff' },
  { modality: 'A 0XYZ', patient: '00ff10a7bc3d4e5f' },
];
const withExtra = dates.map((date, i): Metadata => ({ ...date, extra: extras[i % extras.length] }));

const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

/** The pictures of `drawMetadataImage` over 255. */
const drawnHere = (all: readonly Metadata[], size: number, encoder: EncoderName): Float32Array =>
  Float32Array.from(
    Buffer.concat(all.map((one) => drawMetadataImage(one, size, encoder))),
    (level) => level / 255,
  );

/** Images [n, size, size, 3] turned by half a circle: their three channels are equal. */
function turned(pictures: Float32Array, size: number): Float32Array {
  const each = size * size * 3;
  const out = pictures.slice();
  for (let at = 0; at < out.length; at += each) out.subarray(at, at + each).reverse();
  return out;
}

/** A graph's images, as its layers see them (mirrored) and mirrored once more. */
function graphImages(input: Input) {
  const g = new GraphWriter();
  const mirrored = images(g, input);
  const fetches = [mirrored, mirror(g, mirrored)];
  const session = new GraphSession(engine, g);
  const run = (x: Images, count: number) => session.run({ x: feedOf(input, x, count) }, fetches);
  return { run, dispose: () => session.dispose() };
}

const config: TrainConfig = { ...trainConfig({ size: 64 }), extra: 'modality,patient' };
const trained = withExtra.slice(0, 4);
const inputs = [
  { input: inputOf(config), x: (all: readonly Metadata[]): Images => codesFor(config, all) },
  { input: config.size, x: (all: readonly Metadata[]): Images => batchOf(config, all).x },
  {
    input: { size: config.size, type: 'uint8' as const },
    x: (all: readonly Metadata[]): Images =>
      Uint8Array.from(batchOf(config, all).x, (value) => Math.round(255 * value)),
  },
];

const kinds = encoderNames.flatMap((encoder) =>
  [dates, withExtra].flatMap((all) => {
    const shown = all === withExtra;
    const { least, leastWithExtra } = checkedEncoder(encoder, 1000);
    const smallest = shown ? leastWithExtra : least;
    const sizes = [smallest, smallest + 1, 61, 64, 224, 225];
    return [...new Set(sizes)].map((size) => ({ encoder, extra: shown, size, all }));
  }),
);

describe.skipIf(notNative)(`the graph ${notNative ?? ''}`, () => {
  test.each(kinds)('draws $encoder at $size, extra $extra', ({ encoder, extra, size, all }) => {
    const drawing = drawingOf(encoder, size, extra);
    const { run, dispose } = graphImages(drawing);
    for (const some of [all, all.slice(3, 4)]) {
      const expected = drawnHere(some, size, encoder);
      const [mirrored, straight] = run(codesOf(drawing, some), some.length);
      expect(bytes(straight!).equals(bytes(expected))).toBe(true);
      expect(bytes(mirrored!).equals(bytes(turned(expected, size)))).toBe(true);
    }
    dispose();
  });

  test('bytes are the values 0-1 of pictures', () => {
    const levels = Uint8Array.from({ length: 2 * 16 * 16 * 3 }, (_, i) => i ^ (i >> 8));
    const { run, dispose } = graphImages({ size: 16, type: 'uint8' });
    const [, straight] = run(levels, 2);
    expect(bytes(straight!).equals(bytes(Float32Array.from(levels, (level) => level / 255)))).toBe(true);
    expect(new Set(levels).size).toBe(256);
    dispose();
  });

  test('a network fed with codes learns and predicts as with pictures, to the bit', async () => {
    const network = buildNetwork('resnet18', 3);
    const tensors = initialTensors(network, 1);
    const [fromCodes, ...fromPictures] = await Promise.all(
      inputs.map(async ({ input, x }) => {
        const trainer = new GraphTrainer(engine, network, tensors, input);
        const inference = new GraphInference(engine, network, tensors, input);
        const batch = { x: x(trained), y: wantedOf(config, trained), count: trained.length };
        const losses: number[] = [];
        for (const _ of [0, 1, 2]) losses.push(await trainer.step(batch, 1e-3, stream(1, 'dropout')));
        const outputs = [
          ...(await trainer.predict(batch.x, batch.count)),
          ...(await inference.predict(x([trained[0]!]), 1)),
        ];
        trainer.dispose();
        inference.dispose();
        return [...losses, ...outputs];
      }),
    );
    for (const one of fromPictures) expect(one).toEqual(fromCodes);
    expect(new Set(fromCodes!.slice(0, 3)).size).toBe(3);
  });
});

test('an eager executor draws from codes what it is fed as pictures', async () => {
  const network = smallNetworks[0]!;
  const [fromCodes, ...fromPictures] = await onBackend('cpu', (cpu) =>
    Promise.all(
      inputs.map(async ({ input, x }) => {
        const trainer = new EagerTrainer(cpu, network, seededTensors(network, 1), input);
        const batch = { x: x(trained), y: wantedOf(config, trained), count: trained.length };
        return [
          await trainer.step(batch, 1e-3, stream(1, 'dropout')),
          ...(await trainer.predict(batch.x, 4)),
        ];
      }),
    ),
  );
  for (const one of fromPictures) expect(one).toEqual(fromCodes);
});
