/**
 * `count.mjs SKIPPED REPORT...`: adds up vitest's JSON reports, and SKIPPED suites that had none, and prints
 * "N passed, N failed, N skipped". Before this line it prints each failed test with its message: the end of a log is the
 * part that readers are shown. Exit code 1 if a test failed or none passed.
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
  for (const { name, assertionResults, message } of report.testResults.filter(({ status }) => status === 'failed'))
    printFailures(name, assertionResults, message);
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

/** At most 20 lines of each message. */
function printFailures(file, tests, fileMessage) {
  const failed = tests.filter(({ status }) => status === 'failed');
  const messages = failed.map(({ fullName, failureMessages = [] }) => `${fullName}\n${failureMessages.join('\n')}`);
  for (const message of messages.length > 0 ? messages : [fileMessage])
    console.log(`FAILED ${file}: ${`${message}`.split('\n').slice(0, 20).join('\n')}`);
}
