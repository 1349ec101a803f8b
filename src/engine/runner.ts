/** The graph runner (`runner/runner.cc`), loaded: TensorFlow graphs from bytes, run from and to typed arrays. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError, messageOf } from '../shared/errors.ts';
import { addPtxas } from './cuda.ts';
import { GraphWriter } from './graph-writer.ts';
import { attribute, configBytes, type SessionOptions } from './proto.ts';
import type { Native } from './setup.ts';

/** Arrays of feeds and fetches: float32, int32 and uint8. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** A loaded graph; opaque. */
export type SessionHandle = { readonly session: unique symbol };

type RunArguments = [
  session: SessionHandle,
  names: readonly string[],
  arrays: readonly Values[],
  shapes: readonly (readonly number[])[],
  fetches: readonly string[],
];

/** The addon. Errors of TensorFlow carry its `TF_Code` as `code`. */
export interface Runner {
  /** TensorFlow's version. */
  readonly version: string;
  /** Loads a serialised GraphDef under a serialised ConfigProto. */
  open(graph: Uint8Array, config: Uint8Array): SessionHandle;
  close(session: SessionHandle): void;
  devices(session: SessionHandle): { readonly name: string; readonly bytes: number }[];
  /** Runs on this thread. */
  run(...given: RunArguments): Values[];
  /** Runs on a thread of Node's pool, so that timers, signals and progress go on. */
  runAsync(...given: RunArguments): Promise<Values[]>;
  /** Ends the process at once if a run is under way; for the end of a process. */
  leave(code: number): void;
}

/** The loaded runner, with its device. */
export interface NativeRunner extends Runner {
  /** TensorFlow found a graphics card, and places on it what it can. */
  readonly usesCard: boolean;
  /** Bytes of the card's memory that TensorFlow may take; null without a card. */
  readonly cardBytes: number | null;
  /** How sessions are opened. */
  readonly session: SessionOptions;
}

interface Quiet {
  mute(): void;
  unmute(): string;
}

const require = createRequire(import.meta.url);

/** TensorFlow's lines on stderr are shown where this is set: 0 for all, 1 without information, 2 errors only. */
const logLevel = 'TF_CPP_MIN_LOG_LEVEL';

/** @throws InputError if the addon does not load (another libc, a damaged cache) */
export function loadRunner({ addons, library }: Native, options: SessionOptions = {}): NativeRunner {
  const shown = process.env[logLevel] !== undefined;
  process.env[logLevel] ??= '2';
  addPtxas(library);
  try {
    const quiet = require(join(addons, 'quiet.node')) as Quiet;
    if (!shown) quiet.mute();
    try {
      return withDevices(require(join(addons, 'runner.node')) as Runner, options);
    } finally {
      quiet.unmute();
    }
  } catch (error) {
    throw new InputError(`the native engine ${addons} does not load: ${messageOf(error)}`);
  }
}

/** TensorFlow looks for cards when its first session opens, and logs some of its lines when the first graph runs. */
function withDevices(runner: Runner, options: SessionOptions): NativeRunner {
  const session = runner.open(firstGraph().bytes(), configBytes({}));
  const card = runner.devices(session).find(({ name }) => /:GPU:/.test(name));
  runner.run(session, ['x'], [new Float32Array(16)], [[1, 4, 4, 1]], ['first']);
  runner.close(session);
  process.once('exit', (code) => runner.leave(code));
  const found = { usesCard: card !== undefined, cardBytes: card?.bytes ?? null, session: options };
  return Object.assign(Object.create(runner) as Runner, found);
}

/** A convolution and a product: with a card they load cuDNN and cuBLAS. */
function firstGraph(): GraphWriter {
  const g = new GraphWriter();
  const x = g.placeholder('x', [1, 4, 4, 1]); // a constant would be folded away
  const kernel = g.constant(Float32Array.of(1), [1, 1, 1, 1]);
  const strides = attribute.ints([1, 1, 1, 1]);
  const y = g.op('Conv2D', [x, kernel], { strides, padding: attribute.string('VALID') });
  const rows = g.op('Reshape', [y, g.ints(4, 4)], { Tshape: attribute.type('int32') });
  g.op('MatMul', [rows, rows], {}, 'first');
  return g;
}

/** Lines in which TensorFlow says why it leaves a card alone. */
const reasons =
  /(CUDA driver version is insufficient[^\n]*|Ignoring visible gpu device[^\n]*|failed call to cuInit:[^\n]*|Cannot dlopen some GPU libraries)/;

/** Why TensorFlow does not take a card that the driver lists: it says so only in its log, read from another process. */
export function whyNoCard({ addons }: Native): string | null {
  const program = `const r = require(${JSON.stringify(join(addons, 'runner.node'))}); r.devices(r.open(new Uint8Array(), new Uint8Array()))`;
  const env = { ...process.env, [logLevel]: '0' };
  const { stderr } = spawnSync(process.execPath, ['-e', program], { env, encoding: 'utf8' });
  return reasons.exec(stderr)?.[1]?.trim() ?? null;
}
