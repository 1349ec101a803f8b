/**
 * Training on pictures: images/s of whole steps with all that comes before them, reading, resizing, changing and feeding.
 * Beside PyTorch it takes turns with a DataLoader of as many workers and torchvision's transforms, on the same pictures.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Engine } from '../src/engine/engine.ts';
import { createTrainer } from '../src/executors/executors.ts';
import { type NetworkName, paperNetworks } from '../src/models/networks.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { makeFolder } from '../src/shared/files.ts';
import { say } from '../src/shared/progress.ts';
import { stream } from '../src/shared/random.ts';
import { median } from '../src/shared/stats.ts';
import { seconds } from '../src/shared/timing.ts';
import { isPictures, networkOf, trainConfig } from '../src/training/config.ts';
import { pictureLesson } from '../src/training/pictures/lesson.ts';
import { PyTorchPeer } from './pytorch-peer.ts';
import { type BenchRow, row } from './row.ts';

const [count, side, size, batch] = [160, 512, 224, 16];
const turns = 3;
/** More than the batches that stand ready on both sides. */
const steps = 10;

/** @param python with torch and torchvision; null: ours alone */
export async function benchPictures(engine: Engine, python: string | null): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  const before = process.cwd();
  try {
    await makePictures(folder);
    process.chdir(folder); // the survey of the pictures goes to results/ there
    const rows: BenchRow[] = [];
    for (const net of paperNetworks) rows.push(await rowOf(engine, python, net));
    return rows;
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
}

/** Grey JPEG pictures of soft shapes and noise, each with a number. */
async function makePictures(folder: string): Promise<void> {
  await makeFolder(join(folder, 'images'));
  const random = stream(1, 'bench', 'pictures');
  const lines = ['file,target'];
  for (let i = 0; i < count; i++) {
    const [x0, y0] = [side * random.next(), side * random.next()];
    const data = Uint8Array.from({ length: side * side }, (_, at) => {
      const distance = Math.hypot((at % side) - x0, Math.floor(at / side) - y0);
      return 220 * Math.exp(-distance / side) + 30 * random.next();
    });
    const image = sharp(data, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w');
    await writeFile(join(folder, 'images', `${i}.jpg`), await image.jpeg({ quality: 90 }).toBuffer());
    lines.push(`${i}.jpg,${x0}`);
  }
  await writeFile(join(folder, 'targets.csv'), lines.join('\n'));
}

async function rowOf(engine: Engine, python: string | null, net: NetworkName): Promise<BenchRow> {
  say(`bench: pictures ${net}, batch ${batch}${python === null ? '' : ', against PyTorch'}`);
  const ours = await ourTraining(engine, net);
  const peer = python === null ? null : await PyTorchPeer.open(python);
  try {
    await peer?.prepare(jobOf(engine, net));
    const { mine, theirs } = await speeds(ours.step, peer);
    return row({
      work: `train on JPEG pictures ${side}x${side}, seen at ${size}x${size}`,
      ...{ net, batch, unit: 'images/s', ours: median(mine), runs: turns * steps },
      ...(peer && {
        peer: `PyTorch ${peer.version}, DataLoader`,
        theirs: median(theirs),
        ratio: median(mine.map((speed, turn) => speed / theirs[turn]!)),
      }),
    });
  } finally {
    await ours.close();
    peer?.close();
  }
}

const jobOf = (engine: Engine, net: NetworkName) =>
  ({
    ...{ net: net as 'resnet18', batch, size, train: true, compile: false, amp: false },
    device: engine.native?.usesCard ? 'cuda' : 'cpu',
    images: join(process.cwd(), 'images'),
  }) as const;

/** Images per second of each turn, after three steps that are not counted. */
async function speeds(step: () => Promise<unknown>, peer: PyTorchPeer | null) {
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < 3; i++) await step();
  for (let turn = 0; turn < turns; turn++) {
    const from = seconds();
    for (let i = 0; i < steps; i++) await step();
    mine.push((batch * steps) / (seconds() - from));
    if (!peer) continue;
    const ms = await peer.run(steps);
    theirs.push((1000 * batch * steps) / ms.reduce((sum, each) => sum + each, 0));
  }
  return { mine, theirs };
}

async function ourTraining(engine: Engine, net: NetworkName) {
  const config = trainConfig({ images: 'images', targets: 'targets.csv', net, size, batch, epochs: 1000 });
  if (!isPictures(config)) throw new TypeError('expected a training on pictures');
  const lesson = await pictureLesson(config);
  const network = networkOf(lesson.config, 1);
  const trainer = createTrainer(engine, network, initialTensors(network, 1), lesson.input, {
    ...lesson.config,
    loss: lesson.loss,
  });
  const material = lesson.material();
  const batches = material.batches(trainer, 1e6, availableParallelism());
  let at = 0;
  return {
    step: async (): Promise<void> => {
      const taken = await batches.take(at);
      await trainer.step(taken, config.lr, stream(1, 'dropout', at++));
      batches.giveBack(taken);
    },
    close: async (): Promise<void> => {
      await batches.close();
      await material.close?.();
      trainer.dispose();
    },
  };
}
