/** Long jobs in parts: `shard` k of `shards` is a cell; what the cells of one job have in common is all but `shard`. */
import { createHash } from 'node:crypto';
import { runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import type { Config } from './work.ts';

export interface Sharded {
  /** 0 to shards - 1. */
  readonly shard: number;
  readonly shards: number;
}

/** Parts of one job: beyond this their processes cost more than the work. */
const mostShards = 100_000;

/** @throws InputError unless it is one of so many */
export function checkShard({ shard, shards }: Sharded): void {
  if (!(Number.isInteger(shards) && shards >= 1 && shards <= mostShards))
    throw new InputError(`"shards" expected an integer from 1 to ${mostShards}, got ${shards}`);
  if (!(Number.isInteger(shard) && shard >= 0 && shard < shards))
    throw new InputError(`"shard" expected an integer from 0 to ${shards - 1}, got ${shard}`);
}

/** The part's share of `total` items in a row: all parts together have each once, none has two more than another. */
export function rangeOf(total: number, { shard, shards }: Sharded): { first: number; count: number } {
  const start = (k: number): number => Math.floor((k * total) / shards);
  return { first: start(shard), count: start(shard + 1) - start(shard) };
}

/** Whether a name is this part's: the same part whatever other names there are. */
export function ownsName(name: string, { shard, shards }: Sharded): boolean {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % shards === shard;
}

/** Names the job that a part belongs to. */
export const jobId = ({ shard: _, seed, ...job }: Config): string => runId('job', job, Number(seed));
