/** The words in which the program was started: remedies name commands that the user can give as they stand. */

/** An installed package has no npm scripts of ours; in a checkout `npx medchaos` may have been typed too. */
function byNpx(): boolean {
  const { npm_command, npm_lifecycle_script } = process.env;
  if (import.meta.url.includes('/node_modules/')) return true;
  return npm_command === 'exec' && /^medchaos\b/.test(npm_lifecycle_script ?? '');
}

/** Scripts of a checkout only. */
const ours = 'test|check|build|pack|soak|fuzz|faults|corpora|reference';

const script = new RegExp(`\\bnpm run (?!(?:${ours})\\b)([a-z-]+)(?: --(?=\\s|$))?`, 'g');

/** A command behind `run:`, `next:` and the like, as the program calls itself. */
const bare = /(?<=(?:run|next|use|example|them|is): )medchaos ([a-z][a-z-]*)/g;

const program = import.meta.url.includes('/node_modules/medchaos-metrics/') ? 'medchaos-metrics' : 'medchaos';

/** A text with its commands as `npx medchaos NAME ...` where the program was started so. */
export const asStarted = (text: string, npx = byNpx()): string =>
  npx ? text.replace(script, `npx ${program} $1`).replace(bare, `npx ${program} $1`) : text;
