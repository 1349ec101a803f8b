/** A Python package index in a folder, of wheels a few kilobytes small, and a compiler for an addon as small. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A shared library with one function that returns a number. */
export function library(file: string, name: string, value: number, soname: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.c`, `int ${name}(void) { return ${value}; }`);
  execFileSync('gcc', ['-shared', '-fPIC', `-Wl,-soname,${soname}`, '-o', file, `${file}.c`]);
}

/** Zips a folder as a wheel of this name, version and tag, with what its METADATA says besides. */
export function wheel(index: string, content: string, name: string, tag: string, metadata = ''): void {
  const info = join(content, `${name}.dist-info`);
  const [project, version] = name.split('-');
  mkdirSync(info, { recursive: true });
  mkdirSync(index, { recursive: true });
  const head = `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n`;
  writeFileSync(join(info, 'METADATA'), head + metadata);
  writeFileSync(join(info, 'WHEEL'), `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag}\n`);
  writeFileSync(join(info, 'RECORD'), '');
  const pack =
    'import shutil, sys, os; os.rename(shutil.make_archive(sys.argv[1], "zip", sys.argv[2]), sys.argv[1])';
  execFileSync('python3', ['-c', pack, join(index, `${name}-${tag}.whl`), content]);
}

/** In place of g++: the same flags, of the two libraries' sum instead of TensorFlow.js' sources. */
export function compiler(folder: string): string {
  const source = join(folder, 'addon.c');
  writeFileSync(
    source,
    `#include <node_api.h>
     extern int cudart(void), cc(void), framework(void);
     NAPI_MODULE_INIT() {
       napi_value sum;
       napi_create_int32(env, cudart() + cc() + framework(), &sum);
       napi_set_named_property(env, exports, "sum", sum);
       return exports;
     }`,
  );
  const program = join(folder, 'compiler.cjs');
  writeFileSync(
    program,
    `#!${process.execPath}
     const given = process.argv.slice(2).filter((flag) => !/\\.cc$|^-std/.test(flag));
     const all = given[0] === '--version' ? given : [${JSON.stringify(source)}, ...given];
     process.exit(require('node:child_process').spawnSync('gcc', all, { stdio: 'inherit' }).status);`,
  );
  chmodSync(program, 0o755);
  return program;
}
