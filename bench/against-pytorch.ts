/**
 * Training and inference beside PyTorch, on the processor or a card: short turns, so that a slow phase of the machine
 * hits both, and the median of the turns' ratios. One network, batch and way of PyTorch's a row.
 */
import { setTimeout } from 'node:timers/promises';
import { syntheticDates } from '../src/data/pairs/dates.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Precision } from '../src/executors/executor.ts';
import { createTrainer } from '../src/executors/executors.ts';
import { buildNetwork, paperNetworks } from '../src/models/networks.ts';
import { optimizerDefaults } from '../src/models/optimizer.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { say } from '../src/shared/progress.ts';
import { stream } from '../src/shared/random.ts';
import { median } from '../src/shared/stats.ts';
import { seconds } from '../src/shared/timing.ts';
import type { NetName } from '../src/shared/types.ts';
import { codedBatch, inputOf } from '../src/training/batches.ts';
import { trainConfig } from '../src/training/config.ts';
import { dateNetwork } from '../src/training/trained.ts';
import { fallbackRows } from './fallback.ts';
import { peakRows } from './peak.ts';
import { PyTorchPeer } from './pytorch-peer.ts';
import { type BenchRow, row } from './row.ts';

const turns = 11;

/** A way to run PyTorch, and ours that it is compared with. */
interface Way {
  readonly name: string;
  readonly compile: boolean;
  readonly amp: boolean;
}

const ways: readonly Way[] = [
  { name: 'eager', compile: false, amp: false },
  { name: 'torch.compile', compile: true, amp: false },
];
/** On cards only; ours trains in mixed precision beside it. */
const amp: Way = { name: 'AMP bfloat16', compile: false, amp: true };

/** Milliseconds without work before each turn: PyTorch's threads spin for a while after theirs. */
const rest = 250;
const size = 224;

/** Our side of a comparison: one step or one prediction. */
interface Ours {
  readonly work: () => unknown;
  readonly dispose: () => void;
}

const usesCard = (engine: Engine): boolean => engine.native?.usesCard ?? false;

/**
 * images/s of whole training steps, batch 16 and 32, on a card 128 and 256; on the processor also their share of the
 * machine's arithmetic, and the fallback's.
 * @param python with torch and torchvision
 */
export async function trainAgainstPyTorch(
  engine: Engine,
  python: string,
  batches = usesCard(engine) ? [128, 256] : [16, 32],
): Promise<BenchRow[]> {
  const rows = await compare(engine, python, batches, true, (net, batch, precision) => {
    const config = trainConfig({ net, size, batch });
    const data = codedBatch(config, syntheticDates(batch, 1, 'bench'));
    const trainer = createTrainer(
      engine,
      buildNetwork(net, 3),
      initialTensors(buildNetwork(net, 3), 1),
      inputOf(config),
      { ...optimizerDefaults, precision },
    );
    return {
      work: () => trainer.step(data, config.lr, stream(1, 'dropout')),
      dispose: () => trainer.dispose(),
    };
  });
  const once = rows.filter(({ peer }) => peer!.endsWith('eager'));
  if (!engine.native || usesCard(engine)) return rows;
  return [...rows, ...peakRows(engine, once, size), ...(await fallbackRows(once))];
}

/** ms of one prediction at batch 1, images/s at batch 32. */
export async function inferAgainstPyTorch(
  engine: Engine,
  python: string,
  batches = [1, 32],
): Promise<BenchRow[]> {
  return compare(engine, python, batches, false, (net, batch) => {
    const config = trainConfig({ net, size });
    const network = dateNetwork(engine, config, initialTensors(buildNetwork(net, 3), 1));
    const codes = network.draw(syntheticDates(batch, 1, 'bench'));
    return { work: () => network.infer(codes, batch), dispose: network.dispose };
  });
}

type MakeOurs = (net: NetName, batch: number, precision: Precision) => Ours;

async function compare(
  engine: Engine,
  python: string,
  batches: readonly number[],
  train: boolean,
  ours: MakeOurs,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const device = usesCard(engine) ? 'cuda' : 'cpu';
  for (const net of paperNetworks)
    for (const batch of batches)
      for (const way of device === 'cuda' && train ? [...ways, amp] : ways) {
        // A process each: what one network leaves behind must not slow the next.
        const peer = await PyTorchPeer.open(python);
        say(
          `bench: ${train ? 'train' : 'infer'} ${net}, batch ${batch}, against PyTorch ${peer.version} ${way.name}`,
        );
        await peer.prepare({ net, batch, size, train, ...way, device });
        const mine = ours(net, batch, way.amp ? 'mixed' : 'float32');
        try {
          const measured = await alternate(mine, peer, { net, batch, train, way });
          // At once: compiling takes minutes, and an interrupted bench keeps what it measured.
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
  { net, batch, train, way }: { net: NetName; batch: number; train: boolean; way: Way },
): Promise<BenchRow> {
  const each = train ? 2 : batch === 1 ? 10 : 3;
  for (let i = 0; i < 3; i++) await ours.work();
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    await setTimeout(rest);
    await ours.work(); // wakes the caches up, as the peer's first does
    mine.push(median(await times(ours.work, each)));
    await setTimeout(rest);
    theirs.push(median((await peer.run(each + 1)).slice(1)));
  }
  const single = batch === 1;
  const speed = (ms: number): number => (single ? ms : (1000 * batch) / ms);
  return row({
    work: `${train ? 'train' : 'inference'} ${size}x${size}${way.amp ? ', mixed precision' : ''}`,
    net,
    batch,
    unit: single ? 'ms' : 'images/s',
    ours: speed(median(mine)),
    peer: `PyTorch ${peer.version} ${way.name}`,
    theirs: speed(median(theirs)),
    ratio: median(mine.map((ms, turn) => speed(ms) / speed(theirs[turn]!))),
    runs: turns * each,
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
