/** `judge --pairs`: the judgement of pictures alone. Trials that need queries are listed as not run. */
import { blackBoxAttackNames } from '../attacks/black-box/attacks.ts';
import type { Finding } from '../attacks/black-box/types.ts';
import { seconds } from '../shared/timing.ts';
import { breakOf, byStrength, emptyProperties, type Judgement, withstoodOf } from './judgement.ts';
import type { Level } from './levels.ts';
import { bitsOf, nistOf } from './measures.ts';
import { pairAttacks } from './pair-attacks.ts';
import { type PairFolders, readPairs } from './pair-folders.ts';
import { measuresOf } from './pair-measures.ts';
import type { PicturePair } from './picture-pair.ts';
import { spreadOf } from './properties.ts';
import { type TrialRecord, TrialRunner } from './trials.ts';

export interface PairsRequest {
  readonly folders: PairFolders;
  readonly level: Level;
  readonly seed: number;
  readonly out: string | null;
  readonly id: string;
}

/** @throws InputError if no two pictures belong together */
export async function judgePairs({ folders, level, seed, out, id }: PairsRequest): Promise<Judgement> {
  const started = seconds();
  const { pairs, left } = await readPairs(folders);
  const runner = new TrialRunner(
    { out, id, limit: null, secondsEach: () => 0, atOnce: 1 },
    Object.keys(pairAttacks).length + 3,
  );
  const trial = <Data>(name: string, run: () => Promise<Data>) =>
    runner.run<Data>({ name, queries: 0, run: async () => ({ data: await run() }) });
  try {
    const attacks = await runAll(runner, pairs);
    const measures = await trial('metrics', async () => measuresOf(pairs, 0.01, seed));
    const nist = await trial('nist-cipher', () => nistOf('cipher', bitsOf(pairs), level === 'full' ? 20 : 1));
    const differential = await trial('differential', async () => spreadOf(seconded(pairs)));
    await runner.forget();
    const brokenBy = attacks.flatMap(breakOf).sort(byStrength);
    const { rows = [], ...measured } = measures.data ?? {};
    return {
      cipher: `${folders.cipher} (${pairs.length} pairs)`,
      verdict: brokenBy.length > 0 ? 'broken' : 'holds',
      exact: null,
      deterministic: null,
      brokenBy,
      withstood: attacks.flatMap(withstoodOf),
      properties: { ...emptyProperties, ...sizes(pairs), differential: differential.data ?? null },
      notRun: [...[...attacks, measures, nist, differential].flatMap(skippedOf), ...unaskable],
      measures: rows,
      measured: measures.data ? (measured as Judgement['measured']) : null,
      nist: nist.data ? [nist.data] : [],
      speed: null,
      exactness: null,
      remarks: left,
      level,
      seed,
      keyBytes: null,
      shape: null,
      queries: 0,
      secondsEach: 0,
      seconds: seconds() - started,
    };
  } finally {
    runner.stop();
  }
}

async function runAll(runner: TrialRunner, pairs: readonly PicturePair[]): Promise<TrialRecord<Finding>[]> {
  const records: TrialRecord<Finding>[] = [];
  for (const [name, attack] of Object.entries(pairAttacks))
    records.push(
      await runner.run({
        name,
        queries: 0,
        run: async () => {
          const { pictures = {}, ...data } = attack(pairs);
          return { data, pictures };
        },
      }),
    );
  return records;
}

const seconded = (pairs: readonly PicturePair[]) =>
  pairs.flatMap(({ name, cipher, second }) => (second ? [{ change: name, a: cipher, b: second }] : []));

const bytes = ({ data }: PicturePair['plain']): number => data.byteLength;

const sizes = (pairs: readonly PicturePair[]) => ({
  expansion: bytes(pairs[0]!.cipher) / bytes(pairs[0]!.plain),
  sameShape: pairs.every(
    ({ plain, cipher }) =>
      plain.width === cipher.width && plain.height === cipher.height && plain.channels === cipher.channels,
  ),
});

const skippedOf = ({ name, why }: TrialRecord): { attack: string; why: string }[] =>
  why === undefined ? [] : [{ attack: name, why }];

/** Trials that pictures alone do not allow. */
const unaskable = [
  ...blackBoxAttackNames.filter((name) => !(name in pairAttacks)),
  'exact-decryption',
  'noise-and-loss',
  'key-sensitivity',
  'speed',
].map((attack) => ({ attack, why: 'it needs a cipher that can be asked; give --encrypt' }));
