/**
 * A receiver's ledger: which encryptions were opened, so that a replayed one is refused. A file of JSON lines, only
 * ever appended to; the first claim of an id owns it. Each claim appends its line, in one write at the end of the
 * file, then looks whether it was the first: so processes that share a ledger on a local disk need no lock, and refused
 * attempts are on record too.
 *
 * A claim is written before its picture gets its name, and a second line says when the picture has it. So a claim whose
 * picture was never written (a kill, a full disk) is known: it is taken over by whoever writes the same file, and by
 * everybody once its process is dead. The first line that takes a claim over owns the id.
 */
import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { isAlive } from '../shared/alive.ts';
import { InputError } from '../shared/errors.ts';
import { appendText, makeFolderOf, reasonOf } from '../shared/files.ts';

/** Where the picture of a claim goes. */
export interface Pending {
  readonly out: string;
  /** Of the staged file, which it still has when it gets its name. */
  readonly inode: number;
}

interface Claim {
  /** `OpenedImage.id`. */
  readonly id: string;
  /** Drawn for this attempt. */
  readonly claim: string;
  /** The cipher image. */
  readonly file: string;
  /** Left out: the picture counts as written. */
  readonly pending?: Pending & { readonly pid: number; readonly host: string };
  /** The claim that this one takes over. */
  readonly takes?: string;
}

/** The picture of a claim is written. */
interface Written {
  readonly written: string;
}

type Line = Claim | Written;

export interface Ledger {
  /**
   * @param pending of a picture that is not written yet: `finish` or `giveUp` follows
   * @throws InputError if the id was claimed before, by this or another process
   */
  claim(id: string, file: string, pending?: Pending): Promise<void>;
  /** The picture has its name. */
  finish(id: string): Promise<void>;
  /** The picture was not written. */
  giveUp(id: string): void;
}

/**
 * Opens a ledger, or begins one, readable by its owner only.
 * @throws InputError for a file that is none, or cannot be written to
 */
export async function openLedger(path: string): Promise<Ledger> {
  await makeFolderOf(path);
  const book = new Book(path);
  await book.read(); // a foreign file is refused before anything is opened
  for (const claim of book.unfinished()) if (await isWritten(claim)) await book.add({ written: claim.claim });
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = turn.then(work); // one at a time: each reads on where the last one ended
    turn = next.catch(() => undefined);
    return next;
  };
  return {
    claim: (id, file, pending) => inTurn(() => claim(book, id, file, pending)),
    finish: (id) => inTurn(() => finish(book, id)),
    giveUp: (id) => void book.mine.delete(id),
  };
}

async function claim(book: Book, id: string, file: string, pending?: Pending): Promise<void> {
  await book.read();
  const before = book.owners.get(id);
  const free = before !== undefined && (await isFree(book, before, pending));
  const line: Claim = {
    ...{ id, claim: randomUUID(), file },
    ...(pending && { pending: { ...pending, out: resolve(pending.out), ...here } }),
    ...(free && { takes: before.claim }),
  };
  await book.add(line);
  const owner = book.owners.get(id);
  if (owner?.claim !== line.claim) throw refused(book, file, owner);
  if (pending) book.mine.set(id, line.claim);
}

async function finish(book: Book, id: string): Promise<void> {
  const written = book.mine.get(id);
  book.mine.delete(id);
  if (written !== undefined) await book.add({ written });
}

const here = { pid: process.pid, host: hostname() };

/** Whether an older claim may be taken over: its picture was not written, and nobody is about to write it elsewhere. */
async function isFree(book: Book, before: Claim, pending: Pending | undefined): Promise<boolean> {
  if (!before.pending || book.written.has(before.claim) || (await isWritten(before))) return false;
  const { out, pid, host } = before.pending;
  if (pending && resolve(pending.out) === out) return true;
  if (host !== here.host) return false;
  return pid === here.pid ? ![...book.mine.values()].includes(before.claim) : !isAlive(pid);
}

/** Whether the staged file has got its name, although no line says so. */
async function isWritten({ pending }: Claim): Promise<boolean> {
  if (!pending) return true;
  return (await stat(pending.out).catch(() => null))?.ino === pending.inode;
}

function refused({ path, written }: Book, file: string, owner: Claim | undefined): InputError {
  const where = `${path} has it for ${owner?.file ?? 'another file'}`;
  if (owner?.pending && !written.has(owner.claim))
    return new InputError(
      `${file}: process ${owner.pending.pid} on ${owner.pending.host} is opening this encryption (${where}); wait for it`,
    );
  return new InputError(
    `${file}: this encryption was opened before (${where}), so it is a replay; ask the sender for a new one`,
  );
}

/** The file and what its lines say, as far as they were read. */
class Book {
  readonly path: string;
  readonly owners = new Map<string, Claim>();
  /** Claims whose pictures are written. */
  readonly written = new Set<string>();
  /** Claims of this process by id, whose pictures are not written yet. */
  readonly mine = new Map<string, string>();
  #end = 0;

  constructor(path: string) {
    this.path = path;
  }

  unfinished(): Claim[] {
    return [...this.owners.values()].filter(({ claim, pending }) => pending && !this.written.has(claim));
  }

  /** A line end before it as well: a line that a crash cut off stays a line of its own. */
  async add(line: Line): Promise<void> {
    try {
      await appendText(this.path, `\n${JSON.stringify(line)}\n`, { mode: 0o600, sync: true });
    } catch (error) {
      throw new InputError(`cannot write ledger ${this.path}: ${reasonOf(error)}; choose another --ledger`);
    }
    await this.read();
  }

  /** Lines that a crash cut off are passed over; a file in which nothing is a line of ours is somebody else's. */
  async read(): Promise<void> {
    const bytes = await readFrom(this.path, this.#end);
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    const lines = whole
      .toString('utf8')
      .split('\n')
      .map(parsed)
      .filter((line) => line !== null);
    if (this.#end === 0 && bytes.toString('utf8').trim() !== '' && lines.length === 0)
      throw new InputError(`${this.path}: expected a ledger, got another file; choose another --ledger`);
    this.#end += whole.length; // of damaged bytes the text has another length
    for (const line of lines) this.#take(line);
  }

  #take(line: Line): void {
    if ('written' in line) {
      this.written.add(line.written);
      return;
    }
    const owner = this.owners.get(line.id);
    if (!owner || (line.takes === owner.claim && !this.written.has(owner.claim)))
      this.owners.set(line.id, line);
  }
}

async function readFrom(path: string, from: number): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - from));
      await handle.read(bytes, 0, bytes.length, from);
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw new InputError(`cannot read ledger ${path}: ${reasonOf(error)}; choose another --ledger`);
  }
}

function parsed(line: string): Line | null {
  try {
    const value = JSON.parse(line) as Partial<Claim & Written>;
    if (typeof value.written === 'string') return { written: value.written };
    const { id, claim, file, pending, takes } = value;
    if (typeof id !== 'string' || typeof claim !== 'string') return null;
    const taken = typeof takes === 'string' ? { takes } : {};
    return { id, claim, file: String(file), ...taken, ...(isPending(pending) && { pending }) };
  } catch {
    return null;
  }
}

const isPending = (value: unknown): value is Claim['pending'] => {
  const { out, inode, pid, host } = (value ?? {}) as Partial<NonNullable<Claim['pending']>>;
  return (
    typeof out === 'string' &&
    typeof inode === 'number' &&
    typeof pid === 'number' &&
    typeof host === 'string'
  );
};
