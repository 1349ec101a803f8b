#!/usr/bin/env node
// The packed package runs its compiled form; a checkout runs the TypeScript itself.
import { existsSync } from 'node:fs';

const source = new URL('../scripts/medchaos.ts', import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import(new URL('../dist/scripts/medchaos.js', import.meta.url).href);
}
