/** Output that cannot be written: one sentence, exit code 1. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
const lines = ['--help', '--version', 'encrypt --help', 'metrics audit', 'metrics audit --json'];

/** By a shell, in which PIPESTATUS has the exit code of the first program. */
function shell(line: string) {
  const { stderr, stdout } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  return { stderr, code: Number(stdout.trim().split('\n').at(-1)) };
}

describe.skipIf(!existsSync('/dev/full'))('a full disk (/dev/full)', () => {
  test.each(lines)('%s', (args) => {
    const { code, stderr } = shell(`${process.execPath} ${bin} ${args} > /dev/full; echo $?`);
    expect(stderr).toBe('medchaos: cannot write the output: the disk is full; send it to another file\n');
    expect(code).toBe(1);
  });
  test('messages that are lost leave the exit code as it is', () => {
    expect(shell(`${process.execPath} ${bin} nothing 2> /dev/full; echo $?`).code).toBe(2);
  });
});

describe('a closed pipe', () => {
  test.each(lines)('%s', (args) => {
    const { code, stderr } = shell(`${process.execPath} ${bin} ${args} | true; echo \${PIPESTATUS[0]}`);
    expect(stderr).toBe(
      'medchaos: the output was not read to its end: the program that reads it has closed the pipe\n',
    );
    expect(code).toBe(1);
  });
});
