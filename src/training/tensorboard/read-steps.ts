/** The losses by step of a run, read back from its event files. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEvent, type Event, sessionStart } from './messages.ts';

export interface StepPoint {
  readonly steps: number;
  readonly loss: number;
  readonly lr: number;
  readonly imagesPerSecond: number;
}

/** A file that begins at step n makes void what older files say of step n and later. */
export async function readSteps(run: string): Promise<StepPoint[]> {
  const names = (await readdir(run).catch(() => [])).filter((name) => name.startsWith('events.out.tfevents'));
  let points: StepPoint[] = [];
  for (const name of names.sort()) {
    const events = eventsOf(await readFile(join(run, name)));
    const start = events.find(({ sessionLog }) => sessionLog?.status === sessionStart)?.step ?? 0;
    points = [...points.filter(({ steps }) => steps < start), ...events.flatMap(pointOf)];
  }
  return points;
}

/** A record that is cut off, or whose bytes are damaged, ends the file. */
function eventsOf(file: Buffer): Event[] {
  const events: Event[] = [];
  try {
    for (let at = 0; at + 16 <= file.length; ) {
      const length = Number(file.readBigUInt64LE(at));
      if (at + 16 + length > file.length) break;
      events.push(decodeEvent(file.subarray(at + 12, at + 12 + length)));
      at += length + 16;
    }
  } catch {} // the events before the damage count
  return events;
}

function pointOf({ step = 0, summary }: Event): StepPoint[] {
  const values = new Map(summary?.value.map(({ tag, simpleValue }) => [tag, simpleValue]));
  const [loss, lr, imagesPerSecond] = ['loss', 'learning_rate', 'images_per_second'].map((name) =>
    values.get(`step/${name}`),
  );
  if (loss === undefined) return [];
  return [{ steps: step, loss, lr: lr ?? 0, imagesPerSecond: imagesPerSecond ?? 0 }];
}
