/** Reads changed files one after the other, and tells its parent before and after each: `_child.ts FROM TO SEED`. */
import { InputError, messageOf } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { changed } from './_mutate.ts';
import { readers } from './_readers.ts';

export type Outcome = 'same' | 'accepted' | 'refused' | 'fault';

export type Message =
  | { readonly ready: true }
  | { readonly start: number; readonly reader: string }
  | { readonly done: number; readonly reader: string; readonly outcome: Outcome; readonly note: string };

const [from, to, seed] = process.argv.slice(2).map(Number) as [number, number, number];
const send = (message: Message): void => void process.send!(message);
const all = Object.entries(await readers());
let stray: unknown;

/** A good file that is not read ends the process. */
const goodDigests = new Map<Buffer, string>();
for (const [name, { good, read }] of all)
  for (const [index, bytes] of good.entries())
    goodDigests.set(
      bytes,
      await read(Buffer.from(bytes), index).catch((error) => {
        throw new Error(`the good file ${index} of ${name} is not read: ${messageOf(error)}`);
      }),
    );
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error) => {
    stray = error;
  });
send({ ready: true });

async function tryOne(at: number): Promise<void> {
  const [name, reader] = all[at % all.length]!;
  const random = stream(seed, 'fuzz', name, at);
  const index = random.int(reader.good.length);
  const good = reader.good[index]!;
  const bytes = (reader.change ?? changed)(
    Buffer.from(good),
    random,
    reader.good[random.int(reader.good.length)]!,
  );
  send({ start: at, reader: name });
  const [outcome, note] = await outcomeOf(bytes, index);
  send({ done: at, reader: name, outcome, note });

  async function outcomeOf(file: Buffer, which: number): Promise<[Outcome, string]> {
    try {
      const answer = await reader.read(Buffer.from(file), which);
      await new Promise((resolve) => setImmediate(resolve));
      if (stray) return ['fault', `thrown where nobody catches it: ${messageOf(stray)}`];
      if (answer === goodDigests.get(good)) return ['same', ''];
      // Parts of two good files may hold the other one whole.
      const made = reader.good.some((file) => goodDigests.get(file) === answer);
      return reader.authentic && !made ? ['fault', 'something else was opened'] : ['accepted', ''];
    } catch (error) {
      const text = messageOf(error);
      if (!(error instanceof InputError)) return ['fault', `${(error as Error).name}: ${text}`];
      return oneSentence(error.message) ? ['refused', text] : ['fault', `no sentence: ${text.slice(0, 300)}`];
    } finally {
      stray = undefined;
    }
  }
}

/** On one line, and short enough to be read; texts from the file itself may stand in it. */
const oneSentence = (message: string): boolean =>
  message.length > 0 && message.length <= 700 && !/[\r\n]/.test(message);

for (let at = from; at < to; at++) await tryOne(at);
process.exit(0);
