/** What the page asks of its worker, and what comes back. */
import type { works } from './works.ts';

export type Works = typeof works;
export type WorkName = keyof Works;

export interface Request {
  readonly id: number;
  readonly work: WorkName;
  readonly input: unknown;
}

/** Progress (`share`), the result, or an error. */
export interface Reply {
  readonly id: number;
  readonly share?: number;
  readonly note?: string;
  readonly result?: unknown;
  readonly error?: string;
}
