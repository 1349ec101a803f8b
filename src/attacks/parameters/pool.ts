/** Where a search computes its parts: on threads. In a browser the calling thread does it (pool-browser.ts). */
import { Workers } from '../../shared/workers.ts';

export interface Pool<Task, Answer> {
  run(task: Task): Promise<Answer>;
  close(): Promise<void>;
}

const modules = {
  logistic: new URL('./logistic-chunk.ts', import.meta.url),
  lorenz: new URL('./lorenz-cells.ts', import.meta.url),
};

export const openPool = <Task, Answer>(map: keyof typeof modules, threads: number): Pool<Task, Answer> =>
  new Workers<Task, Answer>(modules[map], threads);
