/**
 * `count.mjs SKIPPED REPORT...`: adds up vitest's JSON reports, and SKIPPED suites that had none, and prints
 * "N passed, N failed, N skipped". Exit code 1 if a test failed or none passed.
 */
import { existsSync, readFileSync } from 'node:fs';

const [skippedSuites = '0', ...paths] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: Number(skippedSuites) };
for (const path of paths) {
  const { passed, failed, skipped } = existsSync(path) ? countsIn(path) : missing(path);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function countsIn(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const failed = report.numFailedTests + report.testResults.filter(brokenFile).length;
  // A worker process that dies fails the run, but none of its tests.
  if (failed === 0 && !report.success) console.log(`${path}: no test failed, but the run did`);
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests,
  };
}

/** A file that fails to load has no failed test of its own. */
function brokenFile({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
}

function missing(path) {
  console.log(`${path} was not written: the suite counts as one failure`);
  return { passed: 0, failed: 1, skipped: 0 };
}
