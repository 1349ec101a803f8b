/**
 * How well a network does on pictures that no training saw, with 95 % intervals: by the bootstrap over groups (patients;
 * Efron 1979, percentiles of 1,000 draws by the seed), of the accuracy by Wilson 1927.
 */
import type { Picture } from '../../data/pictures/picture-set.ts';
import { stream } from '../../shared/random.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface TargetResult {
  /** Column, or class. */
  readonly name: string;
  readonly r2: Interval;
  /** In the unit of the target. */
  readonly mae: Interval;
}

export interface ClassResult {
  readonly name: string;
  readonly pictures: number;
  /** One class against the others; null where the test has only one of the two. */
  readonly auc: Interval | null;
}

export interface Evaluation {
  readonly version: 1;
  readonly split: 'test';
  readonly pictures: number;
  readonly groups: number;
  readonly confidence: 0.95;
  /** Of a regression. */
  readonly targets?: readonly TargetResult[];
  /** Of a classification. */
  readonly accuracy?: Interval;
  readonly classes?: readonly ClassResult[];
}

const draws = 1000;
const z95 = 1.959963984540054;

/** Weights of the pictures in a draw: how often each group was drawn. */
type Weights = Float64Array;

/** @param predicted rows of outputs, in units of the targets */
export function evaluate(
  pictures: readonly Picture[],
  predicted: readonly (readonly number[])[],
  outputs: readonly string[],
  classes: boolean,
  seed: number,
): Evaluation {
  const { weights, groups } = resamples(pictures, seed);
  const head = { version: 1, split: 'test', pictures: pictures.length, groups, confidence: 0.95 } as const;
  const column = (rows: readonly (readonly number[])[], k: number) => rows.map((row) => row[k]!);
  const truth = pictures.map(({ values }) => values);
  const pairs = outputs.map((name, k) => ({ name, said: column(predicted, k), truth: column(truth, k) }));
  if (!classes)
    return {
      ...head,
      targets: pairs.map(({ name, said, truth }) => ({
        name,
        r2: interval((w) => r2(said, truth, w), weights)!,
        mae: interval((w) => mae(said, truth, w), weights)!,
      })),
    };
  const right = predicted.filter((row, i) => truth[i]![row.indexOf(Math.max(...row))] === 1).length;
  return {
    ...head,
    accuracy: wilson(right, pictures.length),
    classes: pairs.map(({ name, said, truth }) => ({
      name,
      pictures: truth.filter((value) => value === 1).length,
      auc: aucInterval(said, truth, weights),
    })),
  };
}

function resamples(pictures: readonly Picture[], seed: number): { weights: Weights[]; groups: number } {
  const names = [...new Set(pictures.map(({ group }) => group))];
  const place = new Map(names.map((name, i) => [name, i]));
  const of = pictures.map(({ group }) => place.get(group)!);
  const random = stream(seed, 'bootstrap');
  const weights = Array.from({ length: draws }, () => {
    const times = new Float64Array(names.length);
    for (let i = 0; i < names.length; i++) times[random.int(names.length)]!++;
    return Float64Array.from(of, (group) => times[group]!);
  });
  return { weights, groups: names.length };
}

/** null where the value is none, such as an AUC without both classes; draws without a value are left out. */
function interval(
  measure: (weights: Weights | null) => number,
  weights: readonly Weights[],
): Interval | null {
  const value = measure(null);
  if (!Number.isFinite(value)) return null;
  const found = Float64Array.from(weights.map(measure).filter(Number.isFinite)).sort();
  const at = (share: number): number =>
    found[Math.min(found.length - 1, Math.floor(share * found.length))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/** `low` and `high` of a share, Wilson's score interval. */
function wilson(hits: number, count: number): Interval {
  const share = hits / count;
  const centre = share + z95 ** 2 / (2 * count);
  const reach = z95 * Math.sqrt((share * (1 - share)) / count + z95 ** 2 / (4 * count ** 2));
  const scale = 1 + z95 ** 2 / count;
  return {
    value: share,
    low: Math.max(0, (centre - reach) / scale),
    high: Math.min(1, (centre + reach) / scale),
  };
}

const weighted = (values: readonly number[], w: Weights | null): number => {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = w === null ? 1 : w[i]!;
    sum += weight * values[i]!;
    total += weight;
  }
  return sum / total;
};

function r2(said: readonly number[], truth: readonly number[], w: Weights | null): number {
  const centre = weighted(truth, w);
  const errors = truth.map((value, i) => (said[i]! - value) ** 2);
  return (
    1 -
    weighted(errors, w) /
      weighted(
        truth.map((value) => (value - centre) ** 2),
        w,
      )
  );
}

const mae = (said: readonly number[], truth: readonly number[], w: Weights | null): number =>
  weighted(
    truth.map((value, i) => Math.abs(said[i]! - value)),
    w,
  );

/** Area under the ROC curve: the share of pairs in order, ties half (Hanley and McNeil 1982). Sorted once for all draws. */
function aucInterval(
  said: readonly number[],
  truth: readonly number[],
  weights: readonly Weights[],
): Interval | null {
  const order = [...said.keys()].sort((a, b) => said[a]! - said[b]!);
  return interval((w) => {
    let [below, positive, area] = [0, 0, 0];
    for (let i = 0; i < order.length; ) {
      let [up, down] = [0, 0];
      const score = said[order[i]!]!;
      for (; i < order.length && said[order[i]!] === score; i++) {
        const weight = w === null ? 1 : w[order[i]!]!;
        if (truth[order[i]!] === 1) up += weight;
        else down += weight;
      }
      area += up * (below + down / 2);
      positive += up;
      below += down;
    }
    return area / (positive * below);
  }, weights);
}

const text = ({ value, low, high }: Interval, digits: number): string =>
  `${value.toPrecision(digits)} (${low.toPrecision(digits)} to ${high.toPrecision(digits)})`;

/** `age: R2 0.871 (0.822 to 0.905), mean absolute error 9.12 (7.90 to 10.4)`. */
export function evaluationLines({ pictures, groups, targets, accuracy, classes }: Evaluation): string[] {
  const of = groups === pictures ? '' : ` of ${groups} patients or copies`;
  return [
    `${pictures} unseen pictures${of}, 95 % intervals:`,
    ...(targets ?? []).map(
      ({ name, r2, mae }) => `${name}: R2 ${text(r2, 3)}, mean absolute error ${text(mae, 3)}`,
    ),
    ...(accuracy ? [`accuracy ${text(accuracy, 3)}`] : []),
    ...(classes ?? []).map(
      ({ name, pictures, auc }) => `${name}: ${auc ? `AUC ${text(auc, 3)}` : 'no AUC'}, ${pictures} pictures`,
    ),
  ];
}
