/**
 * `train --watch`: the run's page, served to this machine while the training runs. Requests that name another host are
 * refused: a page on the internet whose name leads to 127.0.0.1 (DNS rebinding) reads nothing.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from '../report/html-parts.ts';
import { livePage } from '../report/live-page.ts';
import { trainingBody } from '../report/training-page.ts';
import { hasRunFile } from '../runs/run-files.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { clockTime } from '../shared/progress.ts';
import { seconds } from '../shared/timing.ts';
import type { StepRecord } from './fit.ts';
import { type Load, loadMeter, loadText } from './load.ts';
import { trainingPageOf } from './training-report.ts';

export type Phase = 'starting' | 'training' | 'studying' | 'ended' | 'failed';

/** What `/state` answers. */
export interface LiveState {
  readonly run: string | null;
  readonly phase: Phase;
  /** The last step, its images per second as a moving mean; null before the first. */
  readonly step: StepRecord | null;
  readonly load: Load;
}

export interface LivePage {
  readonly url: string;
  readonly onRun: (run: string) => void;
  readonly onStep: (record: StepRecord) => void;
  readonly setPhase: (phase: Phase) => void;
  /** Waits until an open page has the last state, 5 s at most. */
  close(): Promise<void>;
}

/** A page asks this often, in seconds. */
const pollSeconds = 2;

/**
 * @param port 0: a free one
 * @param card number of the graphics card that trains; null without one
 * @throws InputError if the port cannot be had
 */
export async function openLivePage(port: number, card: number | null): Promise<LivePage> {
  const meter = loadMeter(card);
  let state: Omit<LiveState, 'load'> = { run: null, phase: 'starting', step: null };
  let asked = Number.NEGATIVE_INFINITY;
  let told: Phase | null = null;
  const answer = async (path: string): Promise<Answer> => {
    asked = seconds();
    const now: LiveState = { ...state, load: await meter() };
    const found = await answerTo(path, now);
    told = now.phase;
    return found;
  };
  const server = createServer((request, response) => void respond(request, response, answer));
  await listen(server, port);
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}/`,
    onRun: (run) => {
      state = { ...state, run };
    },
    onStep: (step) => {
      state = { ...state, phase: 'training', step: smoothed(step, state.step) };
    },
    setPhase: (phase) => {
      state = { ...state, phase };
    },
    close: async () => {
      const { phase } = state;
      const until = seconds() + 5;
      const watched = (): boolean => seconds() - asked < 2 * pollSeconds + 1;
      while (told !== phase && watched() && seconds() < until)
        await new Promise((resolve) => setTimeout(resolve, 50));
      await stopped(server);
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program uses it' : messageOf(error);
      reject(
        new InputError(`--port expected a free port, got ${port}: ${why}; give another, or leave --port out`),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });

/** After the answers that are on their way. */
const stopped = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });

/** Single steps vary: a tenth of the newest, the rest of the mean before. */
const smoothed = (step: StepRecord, before: StepRecord | null): StepRecord =>
  before === null
    ? step
    : { ...step, imagesPerSecond: 0.9 * before.imagesPerSecond + 0.1 * step.imagesPerSecond };

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const plain = (status: number, text: string): Answer => ({ status, type: 'text/plain', text: `${text}\n` });

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string) => Promise<Answer>,
): Promise<void> {
  const { status, type, text } = await answerOrRefuse(request, answer).catch((error) =>
    plain(500, messageOf(error)),
  );
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answerOrRefuse(
  { headers, method, url, socket }: IncomingMessage,
  answer: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  if (!hosts.includes(headers.host ?? '')) return plain(403, 'this page is for this machine only');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'this page can only be read');
  return answer(new URL(url ?? '/', 'http://localhost').pathname);
}

async function answerTo(path: string, state: LiveState): Promise<Answer> {
  if (path === '/state') return { status: 200, type: 'application/json', text: JSON.stringify(state) };
  if (path === '/body') return { status: 200, type: 'text/html', text: await bodyOf(state) };
  if (path === '/')
    return { status: 200, type: 'text/html', text: livePage(await bodyOf(state), pollSeconds) };
  return plain(404, 'there are /, /body and /state');
}

const phaseText: Readonly<Record<Phase, string>> = {
  starting: 'The training starts.',
  training: 'The training runs.',
  studying: 'The training has ended; its network is studied.',
  ended: 'The training has ended.',
  failed: 'The training has failed; the terminal has the reason.',
};

/** What happens now, and the run's page as far as its files have come. */
async function bodyOf(state: LiveState): Promise<string> {
  const { run, phase } = state;
  const now = `<p id="live" data-phase="${phase}">${html(nowText(state))}</p>`;
  if (run === null || !hasRunFile(run, 'config'))
    return `${now}<div id="page"><header><h1>Training</h1></header></div>`;
  const page = await trainingPageOf(run);
  const running = phase === 'starting' || phase === 'training';
  return `${now}<div id="page">${trainingBody(running ? { ...page, missing: [] } : page)}</div>`;
}

function nowText({ phase, step, load }: LiveState): string {
  const parts = step
    ? [
        `Step ${step.steps} of ${step.total}`,
        `loss ${step.loss.toPrecision(3)}`,
        `${step.imagesPerSecond.toFixed(1)} images/s`,
        `${clockTime(step.secondsLeft)} left`,
      ]
    : [];
  const shown = [...(phase === 'training' ? parts : []), loadText(load)].filter(Boolean).join(', ');
  return `${phaseText[phase]}${shown ? ` ${shown}.` : ''}`;
}
