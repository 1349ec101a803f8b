/** Errors on dates that no training saw, against the best constant predictor: the mean of the targets. */

/** Of one output of the network; errors in the unit interval. */
export interface HeldOut {
  /** `sigma`. */
  readonly name: string;
  readonly rmse: number;
  readonly mae: number;
  /** Root mean squared error of the constant predictor: the targets' standard deviation. */
  readonly constantRmse: number;
  /** 1 - rmse^2 / constantRmse^2: 1 is perfect, 0 the constant predictor. */
  readonly r2: number;
  /** Standard deviation of the outputs over that of the targets: near 0 the network says the same to every date. */
  readonly spread: number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * @param predicted rows of outputs, a row a date
 * @param wanted their targets
 * @param names of the outputs
 */
export function heldOut(
  predicted: readonly ArrayLike<number>[],
  wanted: readonly ArrayLike<number>[],
  names: readonly string[],
): HeldOut[] {
  return names.map((name, k) => {
    const said = predicted.map((row) => row[k]!);
    const truth = wanted.map((row) => row[k]!);
    const errors = truth.map((value, i) => said[i]! - value);
    const mse = mean(errors.map((e) => e * e));
    const [variance, variety] = [varianceOf(truth), varianceOf(said)];
    return {
      name,
      rmse: Math.sqrt(mse),
      mae: mean(errors.map(Math.abs)),
      constantRmse: Math.sqrt(variance),
      r2: 1 - mse / variance,
      spread: Math.sqrt(variety / variance),
    };
  });
}

function varianceOf(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((v) => (v - centre) ** 2));
}
