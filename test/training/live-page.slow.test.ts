/** `train --watch`: real requests, refusals, the page in Chromium, a training that is resumed. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { trainDefaults } from '../../src/training/config.ts';
import { openLivePage } from '../../src/training/live-page.ts';
import { loadMeter, loadText } from '../../src/training/load.ts';
import { medchaosHere } from '../commands/_cli.ts';
import { chromium, launch, missing } from '../report/browser.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-live-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const epochLine = (epoch: number): string =>
  `${JSON.stringify({
    ...{ epoch, steps: epoch, imagesSeen: 32 * epoch, trainLoss: 0.1, valLoss: 0.1 / epoch },
    ...{ valMae: [0.1, 0.1, 0.1], valR2: [0.5, 0.5, 0.5], lr: 0, seconds: epoch },
  })}\n`;

function runFolder(name: string): string {
  const run = join(root, name);
  mkdirSync(run);
  writeFileSync(join(run, 'config.json'), JSON.stringify(trainDefaults));
  return run;
}

const step = { steps: 3, total: 8, loss: 0.05, lr: 1e-3, imagesPerSecond: 40, secondsLeft: 65 };

/** Status, headers and text of a request with any Host header. */
const ask = (url: string, headers: object = {}, method = 'GET') =>
  new Promise<{ status: number; headers: object; text: string }>((resolve, reject) => {
    const sent = request(url, { headers: { ...headers }, method, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
    });
    sent.once('error', reject).end();
  });

describe('the page of a training that runs', () => {
  test('shows how far it is, then its epochs; closes when it has ended', async () => {
    const live = await openLivePage(0, null);
    expect(live.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await ask(live.url)).text).toContain('The training starts.');
    const run = runFolder('shown');
    live.onRun(run);
    live.onStep(step);
    const first = await ask(`${live.url}body`);
    expect(first.text).toMatch(
      /The training runs\. Step 3 of 8, loss 0\.0500, 40\.0 images\/s, 1:05 left.*No epoch has ended yet/s,
    );
    expect(first.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    writeFileSync(join(run, 'metrics.jsonl'), epochLine(1));
    expect((await ask(`${live.url}body`)).text).toContain('R2 after epoch 1: sigma 0.5000');
    live.onStep({ ...step, steps: 4, imagesPerSecond: 50 });
    const state = JSON.parse((await ask(`${live.url}state`)).text);
    expect(state).toMatchObject({
      run,
      phase: 'training',
      step: { steps: 4, imagesPerSecond: 41 },
      load: { gpu: null },
    });
    expect((await ask(live.url, {}, 'HEAD')).text).toBe('');
    live.setPhase('ended');
    const closed = live.close();
    expect((await ask(`${live.url}body`)).text).toContain('The training has ended.');
    await closed;
    await expect(ask(live.url)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('answers this machine only, reads only, and knows three paths', async () => {
    const live = await openLivePage(0, null);
    const { port, host } = new URL(live.url);
    const statusOf = async (path: string, headers: object = {}, method = 'GET') =>
      (await ask(live.url + path, headers, method)).status;
    expect(await statusOf('', { host: 'evil.example' })).toBe(403);
    expect(await statusOf('state', { host: `evil.example:${port}` })).toBe(403);
    expect(await statusOf('', { host: `127.0.0.1:${Number(port) + 1}` })).toBe(403);
    expect(await statusOf('', { host: `localhost:${port}` })).toBe(200);
    expect(await statusOf('', { host })).toBe(200);
    expect(await statusOf('', {}, 'POST')).toBe(405);
    expect(await statusOf('config.json')).toBe(404);
    expect(await statusOf('../../etc/passwd')).toBe(404);
    await expect(openLivePage(Number(port), null)).rejects.toThrow(
      `--port expected a free port, got ${port}: another program uses it; give another, or leave --port out`,
    );
    await live.close();
  });

  test.skipIf(!chromium)(
    `in Chromium${missing}: refreshes by itself, and says when it has ended`,
    async () => {
      const run = runFolder('browser');
      const live = await openLivePage(0, null);
      live.onRun(run);
      live.onStep(step);
      const browser = await launch();
      try {
        const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
        const complaints: string[] = [];
        tab.on('console', (message) => complaints.push(message.text()));
        tab.on('pageerror', (error) => complaints.push(error.message));
        await tab.goto(live.url);
        expect(await tab.textContent('#live')).toContain('Step 3 of 8');
        appendFileSync(join(run, 'metrics.jsonl'), epochLine(1) + epochLine(2));
        live.onStep({ ...step, steps: 5 });
        await tab.waitForSelector('text=R2 after epoch 2');
        expect(await tab.textContent('#live')).toContain('Step 5 of 8');
        live.setPhase('ended');
        await live.close();
        await tab.waitForSelector('#live[data-phase=ended]');
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});

test('the load of the machine, in words', async () => {
  const meter = loadMeter(null);
  expect(await meter()).toEqual({ cpu: null, gpu: null });
  await sleep(1050);
  const { cpu } = await meter();
  expect(cpu).toBeGreaterThanOrEqual(0);
  expect(cpu).toBeLessThanOrEqual(1);
  expect(loadText({ cpu: 0.934, gpu: { share: 0.5, used: 2048, total: 143360 } })).toBe(
    'CPU 93 %, GPU 50 %, 2.0 of 140.0 GiB',
  );
});

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe('train --watch', () => {
  const small =
    '--net mobilenetv2 --map logistic --size 64 --pairs 32 --val-pairs 4 --batch 4 --no-study'.split(' ');
  const out = join(root, 'trained');

  test('serves a training and, when more epochs lengthen it, the resumed one', async () => {
    for (const [epochs, first] of [
      [1, 1],
      [2, 9],
    ] as const) {
      const port = await freePort();
      const args = ['train', ...small, '--epochs', `${epochs}`, '--out', out, '--watch', '--port', `${port}`];
      let ended = false;
      const done = medchaosHere(args, root).finally(() => (ended = true));
      const steps: number[] = [];
      const pages: string[] = [];
      while (!ended) {
        const state = await ask(`http://127.0.0.1:${port}/state`).catch(() => null);
        const page = await ask(`http://127.0.0.1:${port}/body`).catch(() => null);
        steps.push(...(state ? [JSON.parse(state.text).step?.steps ?? 0] : []));
        pages.push(page?.text ?? '');
        await sleep(50);
      }
      const { code, stderr } = await done;
      expect([code, stderr]).toEqual([0, expect.stringContaining(`watch: http://127.0.0.1:${port}/`)]);
      expect(Math.min(...steps.filter((taken) => taken > 0))).toBeGreaterThanOrEqual(first);
      expect(Math.max(...steps)).toBe(8 * epochs);
      expect(pages.some((page) => page.includes(`R2 after epoch ${epochs}`))).toBe(true);
      expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(`R2 after epoch ${epochs}`);
    }
  }, 120_000);

  test.each([
    [['--port', '8080'], /--port belongs to --watch; give both or neither/],
    [['--watch', '--set', 'lr=1e-3,3e-3'], /--watch shows one training; leave it out beside --set/],
    [['--watch', '--port', '70000'], /--port expected an integer from 0 to 65535, got 70000/],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await medchaosHere(['train', ...args], root);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(root, 'results'))).toBe(false);
  });
});
