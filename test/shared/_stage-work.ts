/** A thread that stages a file in a folder and never comes to its end. */
import { stageFile } from '../../src/shared/staging.ts';

async function* parts() {
  yield 'half';
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

export default async (folder: string): Promise<number> => (await stageFile(folder, parts())).inode;
