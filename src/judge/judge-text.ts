/** A judgement as text for the terminal. */
import { columns } from '../tables/format.ts';
import type { Break, Judgement } from './judgement.ts';

/** `broken by chosen-plaintext: 1 query, 0.1 s`. */
export function headline({ verdict, brokenBy, exactness, withstood }: Judgement): string {
  const [first] = brokenBy;
  const by = first ? `${brokenBy.map(({ attack }) => attack).join(', ')}` : '';
  if (verdict === 'inexact') {
    const lost = exactness
      ? `${(100 * exactness.meanWrong).toPrecision(3)} % of the samples come back wrong`
      : 'two pictures have one cipher picture';
    return `inexact: decryption does not give back the picture (${lost})${first ? `; and broken by ${by}` : ''}`;
  }
  if (verdict === 'broken') return `broken by ${by}`;
  return `holds: none of the ${withstood.length} attacks that ran broke it, which is no proof of security`;
}

export const breakText = ({ queries, seconds, share }: Break): string =>
  `${queries} ${queries === 1 ? 'query' : 'queries'}, ${seconds.toFixed(1)} s, ${(100 * share).toPrecision(3)} % of the samples`;

export function describeJudgement(judgement: Judgement): string {
  const { cipher, brokenBy, withstood, notRun, remarks, queries, seconds } = judgement;
  return [
    `${cipher}: ${headline(judgement)}`,
    '',
    ...brokenBy.map((one) => `BROKEN  ${one.attack}: ${one.finding} (${breakText(one)})`),
    ...withstood.map(({ attack, finding }) => `passes  ${attack}: ${finding}`),
    ...propertyLines(judgement),
    ...remarks.map((remark) => `note    ${remark}`),
    ...notRun.map(({ attack, why }) => `not run ${attack}: ${why}`),
    '',
    `${queries} queries in ${seconds.toFixed(0)} s`,
  ].join('\n');
}

function propertyLines(judgement: Judgement): string[] {
  const rows = propertyRows(judgement);
  return rows.length > 0 ? ['', ...columns(rows.map(([name, text]) => [name, text]))] : [];
}

const yes = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');
const percent = (value: number | null): string =>
  value === null ? 'unknown' : `${(100 * value).toPrecision(3)} %`;

/** Properties in words, for the text and the page. */
export function propertyRows({
  exact,
  deterministic,
  properties: p,
  speed,
  nist,
  measured,
}: Judgement): [string, string][] {
  const spread = (of: 'differential' | 'keySensitivity'): string => {
    const s = p[of];
    return s
      ? `NPCR ${s.npcr[0].toFixed(4)} % (${s.npcr[1].toFixed(4)} to ${s.npcr[2].toFixed(4)}), UACI ${s.uaci[0].toFixed(4)} %, avalanche ${(100 * s.avalanche[0]).toFixed(2)} %, over ${s.changes} changes`
      : 'unknown';
  };
  const largest = speed?.rows.at(-1);
  return [
    ['decrypts exactly', yes(exact)],
    ['deterministic', yes(deterministic)],
    ['depends on the picture', yes(p.dependsOnPicture)],
    ['authenticated (refuses changed cipher pictures)', yes(p.authenticated)],
    ['samples lost by one flipped bit', p.authenticated ? 'refused' : percent(p.errorPropagation)],
    [
      'samples lost by a sixteenth of the cipher picture',
      p.authenticated ? 'refused' : percent(p.lossPropagation),
    ],
    [
      'key bits that have an effect',
      p.triedKeyBits === null
        ? 'unknown'
        : `${p.effectiveKeyBits} of ${p.triedKeyBits}${p.ignoredKeyBits ? ` (${p.ignoredKeyBits} ignored)` : ''}${p.triedKeyBits === p.keyBits ? '' : `, of ${p.keyBits} in all`}`,
    ],
    ['one sample changed', spread('differential')],
    [
      'one key bit changed',
      p.refusedKeys
        ? `${p.refusedKeys} of ${p.triedKeyBits} keys one bit away are refused`
        : spread('keySensitivity'),
    ],
    ['bytes of cipher for each byte', p.expansion === null ? 'unknown' : p.expansion.toPrecision(4)],
    ...nist.map((one): [string, string] => [
      `NIST SP 800-22, ${one.of}`,
      `${one.consistent ? 'consistent with random bits' : 'NOT random bits'} (${one.sequences} x ${one.bits} bits, smallest p ${one.smallestP?.toPrecision(2)})`,
    ]),
    [
      'metrics',
      measured
        ? `${measured.off} differ from an ideal cipher after Holm's correction, of ${measured.looks} looks`
        : 'unknown',
    ],
    [
      'speed',
      largest
        ? `${largest.picture}: ${(1000 * largest.encryptSeconds).toPrecision(3)} ms, ${largest.timesAes.toPrecision(3)} times AES-256-GCM${speed!.linear === null ? '' : speed!.linear ? ', linear in pixels' : `, grows as pixels^${speed!.exponent!.toFixed(2)}`}`
        : 'unknown',
    ],
  ];
}
