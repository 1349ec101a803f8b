/** pool.ts in a browser: the calling thread computes, one task a turn, so that messages come through between them. */

import tryChunk from './logistic-chunk.ts';
import expandCells from './lorenz-cells.ts';
import type * as node from './pool.ts';

const works = { logistic: tryChunk, lorenz: expandCells };
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export const openPool: typeof node.openPool = <Task, Answer>(map: keyof typeof works) => ({
  async run(task: Task): Promise<Answer> {
    await nextTurn();
    return (works[map] as unknown as (task: Task) => Answer)(task);
  },
  close: async () => undefined,
});
