/** The worker: computes one request at a time, and posts progress and the result. */
import { messageOf } from '../src/shared/errors.ts';
import type { Reply, Request } from './messages.ts';
import { works } from './works.ts';

interface Scope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(reply: Reply): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = async ({ data: { id, work, input } }) => {
  const progress = (share: number, note: string): void => scope.postMessage({ id, share, note });
  try {
    const compute = works[work] as (
      input: unknown,
      progress: (share: number, note: string) => void,
    ) => unknown;
    scope.postMessage({ id, result: await compute(input, progress) });
  } catch (error) {
    scope.postMessage({ id, error: messageOf(error) });
  }
};
