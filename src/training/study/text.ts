/** A study in plain lines, each figure beside what it would be without the network. */

import { formatDateError } from '../errors.ts';
import type { Judged, Study } from './study.ts';

export const studyLines = (study: Study): string[] => [
  ...learned(study),
  ...given(study),
  changed(study),
  weak(study),
  ...others(study),
];

const digits = (value: number): string => String(Number(value.toPrecision(3)));
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (share: number): string => `${digits(100 * share)} %`;

const r2Of = ({ outputs }: Judged): string =>
  outputs.map(({ name, r2 }) => `${name} ${r2.toFixed(4)}`).join(', ');

function learned({ unseen, records, collapsed, target, extra }: Study): string[] {
  const { dates, outputs, date } = unseen;
  const rmse = outputs.map(
    ({ name, rmse, constantRmse }) => `${name} ${digits(rmse)} (${digits(constantRmse)})`,
  );
  const widest = Math.max(...outputs.map(({ spread }) => spread));
  return [
    ...(extra
      ? [
          `dates are drawn with modality ${extra.modality || 'unknown'} and patient ${extra.patient || 'unknown'}`,
        ]
      : []),
    `${whole(dates)} unseen dates: R2 ${r2Of(unseen)}; the constant predictor has 0`,
    ...(records ? [`${whole(records.dates)} records of split test: R2 ${r2Of(records)}`] : []),
    `RMSE in units of the range (constant predictor): ${rmse.join(', ')}`,
    ...(date ? [`that is, of the date: ${date.map(formatDateError).join(', ')}`] : []),
    ...(collapsed
      ? [
          `the network COLLAPSED to a near-constant key: its outputs spread ${percent(widest)} as far as target ${target}, which cannot be learned from the picture`,
        ]
      : []),
  ];
}

function given({ keys }: Study): string[] {
  const { year, sampled, distinct, seconds, distinctOfAll, keyBits, coarseBits, dateBits, closest } = keys;
  const bits = (value: number): string => value.toFixed(1);
  return [
    `keys of ${year}: ${whole(distinct)} of ${whole(sampled)} sampled seconds have their own; of all ${whole(seconds)} ` +
      `at least ${whole(distinctOfAll.atLeast)} distinct keys (95 %; estimate ${whole(distinctOfAll.estimate)})`,
    `key entropy: at least ${bits(keyBits.atLeast)} bits (95 %; estimate ${bits(keyBits.estimate)}) of the date's ${bits(dateBits)}; ` +
      `${bits(coarseBits.estimate)} bits where keys are told apart to 1/256 of each range`,
    closest
      ? `closest two keys: ${digits(closest.distance)} of the ranges apart (${closest.dates.join(' and ')})`
      : 'no two keys differ',
  ];
}

function changed({ nextSecond: { unchanged, median, largest } }: Study): string {
  const list = (values: readonly number[]): string => values.map(digits).join(', ');
  return `one second later: ${percent(unchanged)} of keys stay the same; change ${list(median)} of the ranges (median), at most ${list(largest)}`;
}

const weak = ({ weak: { test, weak, keys, expected } }: Study): string =>
  `${test}: ${percent(weak / keys)} of keys (${percent(expected)} of uniform parameters)`;

const others = ({ engines, engine }: Study): string[] =>
  engines.map(
    ({ engine: other, batch, differing, dates, largestSteps, wrongSamples }) =>
      `${other} at batch ${batch} against ${engine} at batch 1: ${differing} of ${dates} keys differ` +
      (differing > 0
        ? `, by up to ${largestSteps} steps of float32; ${percent(wrongSamples)} of an image would decrypt wrongly, so exact parameters must travel`
        : ''),
  );
