/**
 * A cipher that is one long-running program: requests on its standard input, replies on its standard output, both with a
 * length before them (docs/judge.md). All numbers are unsigned 32 bits, the low byte first.
 *   request  length, operation (1 encrypt, 2 decrypt, 3 keystream), width, height, channels, depth, key bytes, extra bytes;
 *            then key, extra, samples. `length` counts the bytes behind it.
 *   reply    length, status (0 done, 1 failed, 2 not offered), width, height, channels, depth, extra bytes; then extra, samples.
 *            After status 1 `extra` is a message in UTF-8, and there are no samples.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { excerptOf, InputError } from '../../shared/errors.ts';
import type { Depth, Raster } from '../../shared/types.ts';
import type { BlackBoxCipher, Sealed } from './cipher.ts';
import { littleEndian, samplesFrom } from './picture-files.ts';
import { killGroup, lastLine, notStarted, residentPeak } from './program.ts';
import { shellWords } from './shell-words.ts';

const operations = { encrypt: 1, decrypt: 2, keystream: 3 } as const;
type Role = keyof typeof operations;

const headWords = 7;
/** A reply is refused above 1 GiB: its first bytes are then text, no length. */
const longest = 2 ** 30;

export class ServerCipher implements BlackBoxCipher {
  readonly name: string;
  readonly #words: readonly string[];
  readonly #timeout: number;
  #child: ChildProcess | null = null;
  #errors = '';
  #peak: number | null = null;
  /** Requests wait here for their turn. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(command: string, timeout: number) {
    this.#words = shellWords(command);
    this.#timeout = timeout;
    const words = this.#words.filter((word) => !word.startsWith('-'));
    this.name = (words.find((word, at) => at > 0 && /\.\w+$/.test(word)) ?? words[0]!).split('/').at(-1)!;
  }

  encrypt = (plain: Raster, key: Uint8Array): Promise<Sealed> => this.#ask('encrypt', plain, key);
  decrypt = async (cipher: Raster, key: Uint8Array, extra: Uint8Array): Promise<Raster> =>
    (await this.#ask('decrypt', cipher, key, extra)).image;
  keystream = async (shape: Omit<Raster, 'data'>, key: Uint8Array): Promise<Uint8Array> => {
    const none = new Uint8Array((shape.width * shape.height * shape.channels * shape.depth) / 8);
    const { data } = (await this.#ask('keystream', { ...shape, data: samplesFrom(none, shape.depth) }, key))
      .image;
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  };
  peakMemory = (): number | null => this.#peak;

  async close(): Promise<void> {
    if (this.#child) killGroup(this.#child);
    this.#child = null;
  }

  /** One after the other. A process that failed is started again for the next request. */
  #ask(role: Role, picture: Raster, key: Uint8Array, extra: Uint8Array = new Uint8Array(0)): Promise<Sealed> {
    const answer = this.#turn.then(() => this.#exchange(role, request(role, picture, key, extra)));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #exchange(role: Role, bytes: Buffer): Promise<Sealed> {
    this.#child ??= this.#start();
    const child = this.#child;
    try {
      return await new Promise<Sealed>((resolve, reject) => {
        const reader = new Reply(role);
        const fail = (reason: string): void => reject(new InputError(`${role}: ${reason}`));
        const timer = setTimeout(
          () =>
            fail(
              `no reply within ${this.#timeout} s; flush standard output after each reply, or raise --timeout`,
            ),
          1000 * this.#timeout,
        );
        const onData = (part: Buffer): void => {
          try {
            const answer = reader.add(part);
            if (answer) finish(() => resolve(answer));
          } catch (error) {
            finish(() => reject(error as Error));
          }
        };
        const onEnd = (): void =>
          finish(() =>
            fail(
              `the program ended before its reply${lastLine(this.#errors)}; keep it reading until its input ends`,
            ),
          );
        const onError = (error: Error): void => finish(() => reject(notStarted(this.#words[0]!, error)));
        const finish = (then: () => void): void => {
          clearTimeout(timer);
          child.stdout!.off('data', onData);
          child.off('close', onEnd).off('error', onError);
          then();
        };
        child.stdout!.on('data', onData);
        child.on('close', onEnd).on('error', onError);
        child.stdin!.write(bytes);
      });
    } catch (error) {
      // A refusal leaves the process as it is; after anything else its stream is out of step.
      if (!(error instanceof Refusal)) await this.close();
      throw error;
    } finally {
      this.#peak = Math.max(this.#peak ?? 0, residentPeak(child.pid) ?? 0) || null;
    }
  }

  #start(): ChildProcess {
    const [program, ...args] = this.#words;
    const child = spawn(program!, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4096);
    });
    child.stdin!.on('error', () => undefined); // the program ended: `close` reports it
    return child;
  }
}

/** The program replied that it failed. */
class Refusal extends InputError {}

function request(role: Role, picture: Raster, key: Uint8Array, extra: Uint8Array): Buffer {
  const { width, height, channels, depth } = picture;
  const head = Buffer.alloc(4 + 4 * headWords);
  const samples = littleEndian(picture);
  const words = [operations[role], width, height, channels, depth, key.length, extra.length];
  for (const [k, word] of words.entries()) head.writeUInt32LE(word, 4 + 4 * k);
  const all = Buffer.concat([head, key, extra, samples]);
  all.writeUInt32LE(all.length - 4, 0);
  return all;
}

/** Gathers one reply. */
class Reply {
  #parts: Buffer[] = [];
  #length = 0;
  readonly #role: Role;

  constructor(role: Role) {
    this.#role = role;
  }

  /** @returns null while the reply is not whole */
  add(part: Buffer): Sealed | null {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length < 28) return null;
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [bytes];
    const length = bytes.readUInt32LE(0);
    if (length < 24 || length > longest) throw this.#malformed(bytes);
    return bytes.length < 4 + length ? null : this.#read(bytes, length);
  }

  #read(bytes: Buffer, length: number): Sealed {
    const [status, width, height, channels, depth, extraBytes] = Array.from({ length: 6 }, (_, k) =>
      bytes.readUInt32LE(4 + 4 * k),
    ) as [number, number, number, number, number, number];
    const extra = bytes.subarray(28, 28 + extraBytes);
    if (status === 1)
      throw new Refusal(`${this.#role}: the program refuses: ${excerptOf(extra.toString('utf8'))}`);
    if (status === 2) throw new Refusal(`${this.#role}: the program does not offer it`);
    const samples = bytes.subarray(28 + extraBytes, 4 + length);
    const known = status === 0 && (depth === 8 || depth === 16) && channels >= 1 && channels <= 4;
    if (!known || samples.length !== (width * height * channels * depth) / 8 || samples.length === 0)
      throw this.#malformed(bytes);
    const data = samplesFrom(samples, depth as Depth);
    return { image: { width, height, channels, depth: depth as Depth, data }, extra: Uint8Array.from(extra) };
  }

  #malformed(bytes: Buffer): InputError {
    return new InputError(
      `${this.#role}: the reply is not in the form of docs/judge.md, it begins with ` +
        `${JSON.stringify(excerptOf(bytes.toString('latin1', 0, 24)))}; print messages to stderr, not to stdout`,
    );
  }
}
