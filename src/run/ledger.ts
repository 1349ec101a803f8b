/**
 * A receiver's ledger: which encryptions were opened, so that a replayed one is refused. A file of JSON lines, only
 * ever appended to; the first line with an id owns it. Each claim appends its line, in one write at the end of the
 * file, then looks whether it was the first: so processes that share a ledger on a local disk need no lock, a kill
 * can at most spend a claim, and refused attempts are on record too.
 */
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';
import { makeFolderOf, reasonOf } from '../shared/files.ts';

interface Entry {
  /** `OpenedImage.id`. */
  readonly id: string;
  /** Drawn for this attempt. */
  readonly claim: string;
  /** The cipher image. */
  readonly file: string;
}

export interface Ledger {
  /** @throws InputError if the id was claimed before, by this or another process */
  claim(id: string, file: string): Promise<void>;
}

/**
 * Opens a ledger, or begins one, readable by its owner only.
 * @throws InputError for a file that is none, or cannot be written to
 */
export async function openLedger(path: string): Promise<Ledger> {
  await makeFolderOf(path);
  await linesOf(path, 0); // a foreign file is refused before anything is opened
  const owners = new Map<string, Entry>();
  let read = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const claim = async (id: string, file: string): Promise<void> => {
    const mine: Entry = { id, claim: randomUUID(), file };
    await append(path, mine);
    const { entries, end } = await linesOf(path, read);
    read = end;
    for (const entry of entries) if (!owners.has(entry.id)) owners.set(entry.id, entry);
    const owner = owners.get(id);
    if (owner?.claim === mine.claim) return;
    throw new InputError(
      `${file}: this encryption was opened before (${path} has it for ${owner?.file ?? 'another file'}), so it is a ` +
        'replay; ask the sender for a new one, or delete the line if its picture was never written',
    );
  };
  return {
    claim(id, file) {
      const next = turn.then(() => claim(id, file)); // one at a time: each reads on where the last one ended
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

/** A line end before it as well: a line that a crash cut off stays a line of its own. */
async function append(path: string, entry: Entry): Promise<void> {
  try {
    const handle = await open(path, 'a', 0o600);
    try {
      await handle.write(`\n${JSON.stringify(entry)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new InputError(`cannot write ledger ${path}: ${reasonOf(error)}; choose another --ledger`);
  }
}

/** The entries behind position `from`, and where the last whole line ends. */
async function linesOf(path: string, from: number): Promise<{ entries: Entry[]; end: number }> {
  const text = await readFrom(path, from);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  const entries = lines.map(parsed).filter((entry): entry is Entry => entry !== null);
  // Lines that a crash cut off are passed over; a file in which nothing is a line of ours is somebody else's.
  if (from === 0 && text.trim() !== '' && entries.length === 0)
    throw new InputError(`${path}: expected a ledger, got another file; choose another --ledger`);
  return { entries, end: from + Buffer.byteLength(whole) };
}

async function readFrom(path: string, from: number): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - from));
      await handle.read(bytes, 0, bytes.length, from);
      return bytes.toString('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new InputError(`cannot read ledger ${path}: ${reasonOf(error)}; choose another --ledger`);
  }
}

function parsed(line: string): Entry | null {
  try {
    const { id, claim, file } = JSON.parse(line) as Entry;
    return typeof id === 'string' && typeof claim === 'string' ? { id, claim, file: String(file) } : null;
  } catch {
    return null;
  }
}
