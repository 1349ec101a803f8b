/** A Python process with PyTorch that waits while we run and runs while we wait. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { InputError } from '../src/shared/errors.ts';
import type { NetName } from '../src/shared/types.ts';

export interface PeerJob {
  readonly net: NetName;
  readonly batch: number;
  readonly size: number;
  readonly train: boolean;
  /** Through torch.compile, which takes a minute or two. */
  readonly compile: boolean;
  readonly device: 'cpu' | 'cuda';
  /** bfloat16 activations by autocast. */
  readonly amp: boolean;
  /** A folder: batches come from a DataLoader over its pictures, with torchvision's transforms. */
  readonly images?: string;
}

const script = fileURLToPath(new URL('peer_pytorch.py', import.meta.url));

export class PyTorchPeer {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #python: string;
  version = '';
  /** The last line it printed on stderr: why it ended, if it did. */
  #last = '';

  private constructor(python: string) {
    this.#python = python;
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.on('data', (text: Buffer) => {
      this.#last = text.toString().trim().split('\n').at(-1) ?? '';
    });
    this.#child.on('error', () => undefined); // told by the missing answer
    this.#child.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws InputError if there is no such Python, or it has no torch and torchvision */
  static async open(python: string): Promise<PyTorchPeer> {
    if (!existsSync(script))
      throw new InputError('the PyTorch peer needs a checkout: peer_pytorch.py is not in this package');
    const peer = new PyTorchPeer(python);
    peer.version = ((await peer.#answer()) as { version: string }).version;
    return peer;
  }

  /** Builds and warms up what the following runs time. */
  prepare = async (job: PeerJob): Promise<void> => void (await this.#ask(job));

  /** Milliseconds of each of `runs` steps or predictions. */
  run = async (runs: number): Promise<number[]> => ((await this.#ask({ runs })) as { ms: number[] }).ms;

  /** Peak resident memory of the process so far, in MB (2^20 bytes). */
  memory = async (): Promise<number> =>
    ((await this.#ask({ memory: true })) as { maxRssMB: number }).maxRssMB;

  close(): void {
    this.#child.kill();
  }

  async #ask(job: object): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify(job)}\n`);
    return this.#answer();
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#answers.next();
    if (!done) return JSON.parse(value);
    throw new InputError(
      `${this.#python} does not run PyTorch${this.#last && ` (${this.#last})`}; give a Python that has torch and torchvision with --python PATH`,
    );
  }
}
