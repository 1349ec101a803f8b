/** Replaces a pair of files and stops where it is told to: `_stage-child.ts FOLDER CALL`, CALL counted over renames. */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [folder, call] = process.argv.slice(2) as [string, string];
let renames = 0;
const { rename } = fs;
fs.rename = async (...paths) => {
  if (++renames === Number(call)) process.kill(process.pid, 'SIGKILL');
  await rename(...paths);
};
syncBuiltinESMExports();
const { writeTogether } = await import('../../src/shared/write-together.ts');
const files = ['a.cipher.png', 'a.keys.jwe'].map((name) => ({
  path: join(folder, name),
  data: `new ${name}`,
}));
await writeTogether(files, [join(folder, 'a.keys.cms')]);
