/** A file system of a few megabytes, to fill. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Why there is none (mounting takes root); empty: there is one. */
  readonly missing: string;
  resize(megabytes: number): void;
  close(): void;
}

export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'medchaos-disk-'));
  const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  const { status, stderr } = mount(`size=${megabytes}m`);
  return {
    path,
    missing: status === 0 ? '' : `no small file system: ${stderr ?? 'no mount'}`.trim(),
    resize: (more) => void mount(`remount,size=${more}m`),
    close: () => {
      if (status === 0) spawnSync('umount', [path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
