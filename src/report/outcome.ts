/** The outcome in a handful of plain sentences for who reads nothing else. Every number is computed. */
import { scoresOf } from '../tables/findings.ts';
import { isOutlier } from '../tables/format.ts';
import { networkMethods } from '../tables/labels.ts';
import type { ReportInput } from './section.ts';

export interface Outcome {
  /** Short and stable, for tests and links. */
  readonly id: string;
  readonly head: string;
  readonly text: string;
}

/** In the order of a newcomer's questions: is all of it here, does it work, is it random, is it secure, what does the network add, how fast. */
export const outcomeOf = (input: ReportInput): Outcome[] =>
  [incomplete(input), decrypts(input), random(input), secure(input), network(input), fast(input)].filter(
    (o) => o !== null,
  );

function incomplete({ missing }: ReportInput): Outcome | null {
  if (missing.length === 0) return null;
  return { id: 'incomplete', head: 'Not all of this run is here.', text: missing.join(' ') };
}

function decrypts({ results: { cells } }: ReportInput): Outcome {
  const exact = cells.filter((cell) => cell.decryptedMse === 0).length;
  const all = exact === cells.length;
  return {
    id: 'decrypts',
    head: all ? 'Decryption works.' : 'Decryption is broken.',
    text: `${exact} of ${cells.length} cipher images gave back their plain image bit for bit, as the paper says (Table 4).`,
  };
}

function random({ tables }: ReportInput): Outcome | null {
  const scores = scoresOf(tables);
  if (scores.length === 0) return null;
  const within = scores.filter((row) => !isOutlier(row.z)).length;
  const percent = ((100 * within) / scores.length).toFixed(0);
  return {
    id: 'random',
    head: looks(within / scores.length),
    text: `${within} of ${scores.length} statistics (${percent} %) lie within 3 standard deviations of what perfect noise would give. A cipher that falls to every attack can pass them all: this shows no security.`,
  };
}

const looks = (share: number): string => {
  if (share === 1) return 'Cipher images look like noise.';
  return share > 0.5 ? 'Most of it looks like noise, not all.' : 'Cipher images do not look like noise.';
};

function secure({ attacks }: ReportInput): Outcome | null {
  if (attacks.length === 0) return null;
  const told = [...new Set(attacks.map(({ scheme }) => scheme))].map((scheme) => {
    const own = attacks.filter((attack) => attack.scheme === scheme);
    return { scheme, broken: own.filter(({ success }) => success).length, all: own.length };
  });
  const paper = told.find(({ scheme }) => scheme === 'paper');
  const list = told.map(
    ({ scheme, broken, all }) => `the ${scheme} scheme falls to ${broken} of ${all} attacks`,
  );
  return {
    id: 'secure',
    head: paper?.broken ? 'It does not protect an image.' : 'No attack succeeded.',
    text: `Run against the real cipher, ${list.join('; ')}.`,
  };
}

/** Network rows against the rows of the same map without one. */
function network({ tables }: ReportInput): Outcome | null {
  const scores = scoresOf(tables);
  const rate = (own: typeof scores): string =>
    `${own.filter((row) => isOutlier(row.z)).length} of ${own.length}`;
  const isNetwork = (method: string): boolean => networkMethods.includes(method as never);
  const withNetwork = scores.filter((row) => isNetwork(row.method));
  const without = scores.filter((row) => !isNetwork(row.method));
  if (withNetwork.length === 0 || without.length === 0) return null;
  return {
    id: 'network',
    head: 'The network only picks the key.',
    text: `Statistics off by more than 3 standard deviations: ${rate(withNetwork)} with a network, ${rate(without)} with fixed parameters. The network is public, so the secret is still one date and time.`,
  };
}

function fast({ tables }: ReportInput): Outcome | null {
  const row = tables
    .flatMap((table) => table.rows)
    .find((r) => r.measure === 'encrypt_s' && r.method === 'proposed' && r.image === '512x512');
  if (!row?.ours || !row.published) return null;
  return {
    id: 'fast',
    head:
      row.ours < row.published ? 'It is faster here than published.' : 'It is slower here than published.',
    text: `Encrypting 512×512 pixels takes ${row.ours.toPrecision(2)} s on this machine; the paper printed ${row.published} s for its own.`,
  };
}
