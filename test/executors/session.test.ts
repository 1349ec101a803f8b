/** The graph runner: types, errors, runs side by side and beside JavaScript. */
import { describe, expect, test } from 'vitest';
import { GraphWriter } from '../../src/engine/graph-writer.ts';
import { attribute } from '../../src/engine/proto.ts';
import { GraphSession } from '../../src/executors/graph/session.ts';
import { engine, notNative } from './_engines.ts';

const int32 = attribute.type('int32');

/** `doubled` of x, a number of any type. */
function doubling(type: 'float' | 'int32' | 'uint8', shape: readonly number[]): GraphSession {
  const g = new GraphWriter();
  const x = g.placeholder('x', shape, type);
  g.node('AddV2', [x, x], { T: attribute.type(type) }, 'doubled');
  return new GraphSession(engine, g);
}

/** x times itself, `times` times. */
function products(times: number): GraphSession {
  const g = new GraphWriter();
  let y = g.placeholder('x', [-1, -1]);
  for (let i = 0; i < times; i++) y = g.op('MatMul', [y, y]);
  g.op('Identity', [y], {}, 'y');
  return new GraphSession(engine, g);
}

describe.skipIf(notNative)(`graph sessions ${notNative ?? ''}`, () => {
  test.each([
    ['float', Float32Array.of(1.5, -2), Float32Array.of(3, -4)],
    ['int32', Int32Array.of(7, -(2 ** 30)), Int32Array.of(14, -(2 ** 31))],
    ['uint8', Uint8Array.of(3, 200), Uint8Array.of(6, 144)],
  ] as const)('%s goes in and comes out', (type, data, doubled) => {
    const session = doubling(type, [2]);
    expect(session.run({ x: { data, shape: [2] } }, ['doubled'])).toEqual([doubled]);
    session.dispose();
  });

  test('a scalar, an empty batch, and a part of a larger array', () => {
    const scalar = doubling('float', []);
    expect(scalar.run({ x: { data: Float32Array.of(4), shape: [] } }, ['doubled'])).toEqual([
      Float32Array.of(8),
    ]);
    const batch = doubling('float', [-1, 2]);
    const none = { data: new Float32Array(), shape: [0, 2] };
    expect(batch.run({ x: none }, ['doubled'])).toEqual([new Float32Array()]);
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(batch.run({ x: { data: part, shape: [1, 2] } }, ['doubled'])).toEqual([Float32Array.of(2, 4)]);
    for (const session of [scalar, batch]) session.dispose();
  });

  test('what is fed may change as soon as the run began', async () => {
    const session = doubling('float', [-1]);
    const data = new Float32Array(100_000).fill(1);
    const run = session.runAsync({ x: { data, shape: [data.length] } }, ['doubled']);
    data.fill(5);
    const [doubled] = await run;
    expect(doubled!.every((value) => value === 2)).toBe(true);
    session.dispose();
  });

  test('JavaScript goes on beside a long run', async () => {
    const session = products(40);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const data = new Float32Array(1024 * 1024).fill(1 / 1024);
    await session.runAsync({ x: { data, shape: [1024, 1024] } }, ['y']);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    session.dispose();
  });

  test('runs of one session side by side do not mix; a session may be disposed of amid them', async () => {
    const session = products(3);
    const one = (value: number) => ({ data: new Float32Array(256 * 256).fill(value), shape: [256, 256] });
    const runs = [0, 1 / 256].map((value) => session.runAsync({ x: one(value) }, ['y']));
    session.dispose();
    const [zeros, ones] = await Promise.all(runs);
    expect([zeros![0]![0], ones![0]![0]]).toEqual([0, 1 / 256]);
    expect(() => session.run({ x: one(0) }, ['y'])).toThrow('the session is closed');
  });

  test('wrong feeds and names are errors, not crashes', async () => {
    const session = doubling('float', [2]);
    const right = { data: Float32Array.of(1, 2), shape: [2] };
    expect(() => session.run({ x: { ...right, shape: [3] } }, ['doubled'])).toThrow(
      /^a feed expected 3 values for its shape, got 2$/,
    );
    expect(() => session.run({ y: right }, ['doubled'])).toThrow('the graph has no node y');
    expect(() => session.run({ x: right }, ['none'])).toThrow('the graph has no node none');
    expect(() => session.run({}, ['doubled'])).toThrow(/placeholder/);
    await expect(session.runAsync({}, ['doubled'])).rejects.toMatchObject({ code: '3' });
    expect(() => session.run({ x: { data: [1, 2] as never, shape: [2] } }, ['doubled'])).toThrow(
      /expected a Float32Array, Int32Array or Uint8Array/,
    );
    expect(session.run({ x: right }, ['doubled'])[0]).toEqual(Float32Array.of(2, 4));
    session.dispose();
  });

  test('a graph that TensorFlow refuses is an error with its reason', () => {
    const g = new GraphWriter();
    g.node('NoSuchOperation', [g.ints(1)], { T: int32 }, 'y');
    expect(() => new GraphSession(engine, g)).toThrow(/NoSuchOperation/);
  });
});
