/** A checking build: every Node-API call of an addon first looks which thread it is on, and the end of the process says how many were wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** C++ that is included before everything else. The thread that loads an addon is JavaScript's. */
const counter = `
#include <node_api.h>
#include <pthread.h>
#include <atomic>
#include <cstdio>
namespace checking {
inline std::atomic<long> calls{0}, off_thread{0};
inline const pthread_t javascript = pthread_self();
inline void count() { calls++; if (!pthread_equal(pthread_self(), javascript)) off_thread++; }
struct Report { ~Report() { std::fprintf(stderr, "node-api calls %ld, off the thread %ld\\n", calls.load(), off_thread.load()); } };
inline Report report;
}
`;

/** Writes the header for these sources. Returns the compiler's flags. */
export function checkingFlags(folder: string, sources: readonly string[]): string[] {
  const text = sources.map((source) => readFileSync(source, 'utf8')).join('\n');
  const names = new Set(Array.from(text.matchAll(/\b(napi_[a-z0-9_]+)\(/g), ([, name]) => name!));
  const macros = [...names].map((name) => `#define ${name}(...) (checking::count(), ${name}(__VA_ARGS__))`);
  const header = join(folder, 'checking.h');
  writeFileSync(header, `${counter}${macros.join('\n')}\n`);
  return ['-O0', '-include', header];
}

/** What a process printed at its end, of all its addons. */
export function countsOf(stderr: string): { calls: number; offThread: number } {
  const found = [...stderr.matchAll(/node-api calls (\d+), off the thread (\d+)/g)];
  const sum = (group: number): number => found.reduce((total, match) => total + Number(match[group]), 0);
  return { calls: sum(1), offThread: sum(2) };
}
