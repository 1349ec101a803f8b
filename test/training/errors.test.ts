import { expect, test } from 'vitest';
import { physicalErrors } from '../../src/training/errors.ts';

test('an error of the unit interval in units of parameters, days and seconds', () => {
  const { parameters, date } = physicalErrors({ map: 'lorenz', target: 'calendar' }, [0.1, 0.2, 0.5]);
  expect(parameters.map(({ name, mae }) => [name, Number(mae.toFixed(9))])).toEqual([
    ['sigma', 0.2], // 9 to 11
    ['rho', 1.2], // 26 to 32
    ['beta', 0.2], // 2.5 to 2.9
  ]);
  expect(date!.map(({ unit, mae }) => [unit, Number(mae.toFixed(6))])).toEqual([
    ['days', 1826.2], // of 18,262 days, 1990 to 2039
    ['days', 73.048], // of 365.24
    ['seconds', 43_200],
  ]);
});

test('logistic: r and the position in the span; other targets are no date', () => {
  const { parameters, date } = physicalErrors({ map: 'logistic', target: 'calendar' }, [0.01]);
  expect(parameters[0]!.mae).toBeCloseTo(0.0043, 12);
  expect(date).toHaveLength(1);
  expect(physicalErrors({ map: 'logistic', target: 'calendar,hash' }, [0.01]).date).toBeNull();
});
