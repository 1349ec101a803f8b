/** What the tests of fetching share: a folder and a real HTTP server on this machine, new for each test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FetchOptions, fetchDatasets } from '../../../src/data/datasets/fetch.ts';
import { type Archive, type Dataset, readLock } from '../../../src/data/datasets/lock.ts';
import { stream } from '../../../src/shared/random.ts';
import { archiveOf, serveFiles, type TestServer, withArchives } from './_server.ts';

const random = stream(1, 'fetch');
export const bytes = (n: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: n }, () => random.int(256)));
export const labels = bytes(2_000);
export const one = bytes(50_000);
export const other = bytes(40_000);

const lock = readLock().datasets;
export const real = (id: string): Dataset => lock.find((set) => set.id === id)!;

export interface Room {
  readonly data: string;
  readonly server: TestServer;
  /** As the command does, with fewer retries and no pause. @param more of its options */
  fetch(sets: Dataset[], more?: Partial<FetchOptions>): ReturnType<typeof fetchDatasets>;
  /** A set of one small table. */
  labelSet(): Dataset;
  /** A set of one archive, under `/a`. */
  nih(archive: Buffer, more?: Partial<Archive>): Dataset;
  close(): Promise<void>;
}

export async function openRoom(): Promise<Room> {
  const data = await mkdtemp(join(tmpdir(), 'medchaos-fetch-'));
  const files = { '/labels': labels, '/one': one, '/other': other, '/nih/labels.csv': labels };
  const server = await serveFiles(new Map(Object.entries(files)));
  const set = (archive: Archive): Dataset => withArchives(real('nih'), [archive]);
  const common = { data, credentials: { headers: {}, from: null }, retry: { tries: 2, pause: () => 0 } };
  return {
    data,
    server,
    fetch: (sets, more = {}) => fetchDatasets({ ...common, sets, ...more }),
    labelSet: () => set(archiveOf('labels.csv', labels, { of: 'labels', url: `${server.url}/labels` })),
    nih: (archive, more = {}) =>
      set(archiveOf('images_001.tar.gz', archive, { url: `${server.url}/a`, ...more })),
    close: async () => {
      await server.close();
      await rm(data, { recursive: true });
    },
  };
}
