/**
 * Latency of the networks, one image at a time, on the engine that is open: the paper's input size and the quick
 * profile's; then a whole encryption from a date: metadata image, network, keys, cipher of a 512x512 grey image.
 * Weights are initial ones: trained ones take as long.
 */
import { deriveKeys, encryptRaster, parametersFromSigmoid, presets } from '../src/cipher/index.ts';
import type { Engine } from '../src/engine/engine.ts';
import { networks, paperNetworks } from '../src/models/networks.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { parseWallClock } from '../src/shared/datetime.ts';
import type { NetName } from '../src/shared/types.ts';
import { trainConfig } from '../src/training/config.ts';
import { type DateNetwork, dateNetwork } from '../src/training/trained.ts';
import { type Effort, medians, noise, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const effort: Effort = { runs: 41, seconds: 5 };

/** Side of the metadata image at which a whole encryption is timed. */
const full = 224;

export async function benchInfer(engine: Engine, sizes: readonly number[] = [full, 64]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const net of paperNetworks) for (const size of sizes) rows.push(...(await rowsOf(engine, net, size)));
  return rows;
}

async function rowsOf(engine: Engine, net: NetName, size: number): Promise<BenchRow[]> {
  const network = dateNetwork(engine, trainConfig({ net, size }), initialTensors(networks[net](3), 1));
  const codes = network.draw([when]);
  const plain = noise(512, 512, 1);
  try {
    const { ms, runs } = await medians([() => network.infer(codes, 1)], effort);
    const common = { net, batch: 1, unit: 'ms' } as const;
    const rows = [row({ ...common, work: `inference ${size}x${size}`, ours: ms[0]!, runs })];
    if (size !== full) return rows;
    const whole = await medians([() => encryptDated(network, plain)], effort);
    const work = `date to cipher ${sizeText(plain)}, network at ${size}x${size}`;
    return [...rows, row({ ...common, work, ours: whole.ms[0]!, limit: 35, runs: whole.runs })];
  } finally {
    network.dispose();
  }
}

const when = parseWallClock('2018-05-17T14:03:22');

async function encryptDated(network: DateNetwork, plain: ReturnType<typeof noise>) {
  const params = parametersFromSigmoid('lorenz', await network.infer(network.draw([when]), 1));
  return encryptRaster(plain, deriveKeys('lorenz', params, plain, presets.paper));
}
