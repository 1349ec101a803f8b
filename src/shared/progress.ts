/** Progress on stderr: one bar on a terminal, one line per step elsewhere. Stdout stays for results. */
import { asStarted } from './started.ts';

export interface Progress {
  /** `done` of `total` units, with a short note; a total given here replaces the first. */
  update(done: number, note?: string, total?: number): void;
  /** Ends the bar and leaves a last line. */
  stop(note?: string): void;
}

const width = 28;

/** `4:05`, or `1:04:05`, of some seconds. */
export function clockTime(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `40 s`, `5 min`, `2 h 5 min`: rounded up. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A bar for `total` units of work under a title. Off a terminal it prints every tenth of the work. */
export function progressBar(title: string, total: number): Progress {
  return process.stderr.isTTY ? terminalBar(title, total) : lines(title, total);
}

/** The same, but off a terminal only what `stop` leaves: for work that ends parts often enough. */
export function quietBar(title: string, total: number): Progress {
  return process.stderr.isTTY
    ? terminalBar(title, total)
    : { ...lines(title, total), update: () => undefined };
}

function terminalBar(title: string, total: number): Progress {
  const draw = (done: number, note: string, of: number): void => {
    const filled = Math.round((width * Math.min(done, of)) / Math.max(of, 1));
    const bar = '#'.repeat(filled) + '.'.repeat(width - filled);
    process.stderr.write(`\r\x1b[K${title} [${bar}] ${done}/${of} ${note}`);
  };
  return {
    update: (done, note = '', of = total) => draw(done, note, of),
    stop: (note) => void process.stderr.write(note ? `\r\x1b[K${title}: ${note}\n` : '\r\x1b[K'),
  };
}

function lines(title: string, total: number): Progress {
  let shown = -1;
  return {
    update(done, note = '', of = total) {
      const tenth = Math.floor((10 * done) / Math.max(of, 1));
      if (tenth === shown) return;
      shown = tenth;
      process.stderr.write(`${title}: ${done}/${of} ${note}\n`);
    },
    stop: (note) => void (note && process.stderr.write(`${title}: ${note}\n`)),
  };
}

/** One line on stderr. */
export const say = (line: string): void => void process.stderr.write(`${asStarted(line)}\n`);
