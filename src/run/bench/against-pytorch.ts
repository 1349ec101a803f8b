/** Training and inference beside PyTorch on the CPU: five alternations, medians, one network and batch a row. */
import { setTimeout } from 'node:timers/promises';
import { syntheticDates } from '../../data/dates.ts';
import { codedBatch, codesFor, inputOf } from '../../models/batches.ts';
import { trainConfig } from '../../models/config.ts';
import type { Engine } from '../../models/engine/index.ts';
import { createInference, createTrainer } from '../../models/executors.ts';
import { buildNetwork, paperNetworks } from '../../models/networks.ts';
import { initialTensors } from '../../models/parameters.ts';
import { say } from '../../shared/progress.ts';
import { stream } from '../../shared/random.ts';
import { seconds } from '../../shared/timing.ts';
import type { NetName } from '../../shared/types.ts';
import { median } from '../time-rounds.ts';
import { fallbackRows } from './fallback.ts';
import { peakRows } from './peak.ts';
import { PyTorchPeer } from './pytorch-peer.ts';
import { type BenchRow, row } from './row.ts';

const alternations = 5;

/** Milliseconds without work before each turn: PyTorch's threads spin for a while after theirs. */
const rest = 250;
const size = 224;

/** Our side of a comparison: one step or one prediction. */
interface Ours {
  readonly work: () => unknown;
  readonly dispose: () => void;
}

/** images/s of whole training steps, batch 16 and 32; their share of the machine's arithmetic; the fallback's. @param python with torch and torchvision */
export async function trainAgainstPyTorch(
  engine: Engine,
  python: string,
  batches = [16, 32],
): Promise<BenchRow[]> {
  const rows = await compare(python, batches, true, (net, batch) => {
    const config = trainConfig({ net, size, batch });
    const data = codedBatch(config, syntheticDates(batch, 1, 'bench'));
    const trainer = createTrainer(
      engine,
      buildNetwork(net, 3),
      initialTensors(buildNetwork(net, 3), 1),
      inputOf(config),
    );
    return {
      work: () => trainer.step(data, config.lr, stream(1, 'dropout')),
      dispose: () => trainer.dispose(),
    };
  });
  const once = rows.filter(({ peer }) => peer!.endsWith('eager'));
  if (!engine.native) return rows;
  return [...rows, ...peakRows(engine, once, size), ...(await fallbackRows(once))];
}

/** ms of one prediction at batch 1, images/s at batch 32. */
export async function inferAgainstPyTorch(
  engine: Engine,
  python: string,
  batches = [1, 32],
): Promise<BenchRow[]> {
  return compare(python, batches, false, (net, batch) => {
    const config = trainConfig({ net, size });
    const x = codesFor(config, syntheticDates(batch, 1, 'bench'));
    const network = buildNetwork(net, 3);
    const model = createInference(engine, network, initialTensors(network, 1), inputOf(config));
    return { work: () => model.predict(x, batch), dispose: () => model.dispose() };
  });
}

async function compare(
  python: string,
  batches: readonly number[],
  train: boolean,
  ours: (net: NetName, batch: number) => Ours,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const net of paperNetworks)
    for (const batch of batches)
      for (const compile of [false, true]) {
        // A process each: what one network leaves behind must not slow the next.
        const peer = await PyTorchPeer.open(python);
        say(
          `bench: ${train ? 'train' : 'infer'} ${net}, batch ${batch}, against PyTorch ${peer.version}${compile ? ', compiled' : ''}`,
        );
        await peer.prepare({ net, batch, size, train, compile });
        const mine = ours(net, batch);
        try {
          const measured = await alternate(mine, peer, { net, batch, train, compile });
          // Said at once: compiling takes minutes, and an interrupted bench should not lose what it measured.
          say(`bench: ours / theirs ${measured.ratio?.toFixed(2)} (${measured.unit})`);
          rows.push(measured);
        } finally {
          mine.dispose();
          peer.close();
        }
      }
  return rows;
}

async function alternate(
  ours: Ours,
  peer: PyTorchPeer,
  { net, batch, train, compile }: { net: NetName; batch: number; train: boolean; compile: boolean },
): Promise<BenchRow> {
  const each = train ? 3 : batch === 1 ? 20 : 4;
  for (let i = 0; i < 3; i++) await ours.work();
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < alternations; turn++) {
    await setTimeout(rest);
    await ours.work(); // wakes the caches up, as the peer's first does
    mine.push(median(await times(ours.work, each)));
    await setTimeout(rest);
    theirs.push(median((await peer.run(each + 1)).slice(1)));
  }
  const single = batch === 1;
  const speed = (ms: number): number => (single ? ms : (1000 * batch) / ms);
  return row({
    work: `${train ? 'train' : 'inference'} ${size}x${size}`,
    net,
    batch,
    unit: single ? 'ms' : 'images/s',
    ours: speed(median(mine)),
    peer: `PyTorch ${peer.version}${compile ? ' torch.compile' : ' eager'}`,
    theirs: speed(median(theirs)),
    runs: alternations * each,
  });
}

/** Milliseconds of each of `count` runs. */
async function times(work: () => unknown, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = seconds();
    await work();
    all.push(1000 * (seconds() - from));
  }
  return all;
}
