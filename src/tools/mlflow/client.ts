/**
 * The few calls of MLflow's REST API 2.0 (mlflow.org/docs/latest/rest-api.html) that an export needs. Credentials come
 * from the variables that MLflow's own client reads.
 */
import { InputError, messageOf } from '../../shared/errors.ts';

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

export interface RunInfo {
  readonly info: { readonly run_id: string };
  /** `metrics` has the latest value of each. */
  readonly data: { readonly metrics?: readonly Metric[]; readonly params?: readonly Pair[] };
}

/** The server's limits for one request. */
const most = { metrics: 1000, params: 100, tags: 100 } as const;

export class MlflowClient {
  private readonly url: URL;

  /** @throws InputError unless the address is of http or https */
  constructor(address: string) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !/^https?:$/.test(url.protocol))
      throw new InputError(`--mlflow expected an address like http://localhost:5000, got ${address}`);
    this.url = url;
  }

  /** Its id; made where there is none of this name. */
  async experiment(name: string): Promise<string> {
    const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const found = await this.call<{ experiment: { experiment_id: string } }>('GET', query, undefined, 404);
    if (found) return found.experiment.experiment_id;
    const made = await this.call<{ experiment_id: string }>('POST', 'experiments/create', { name });
    return made!.experiment_id;
  }

  /** The run that carries a tag, or null. */
  async findRun(experiment: string, { key, value }: Pair): Promise<RunInfo | null> {
    const found = await this.call<{ runs?: RunInfo[] }>('POST', 'runs/search', {
      experiment_ids: [experiment],
      filter: `tags.\`${key}\` = '${value.replaceAll("'", "''")}'`,
      max_results: 1,
    });
    return found?.runs?.[0] ?? null;
  }

  async createRun(experiment: string, name: string, start: number, tags: readonly Pair[]): Promise<RunInfo> {
    const body = { experiment_id: experiment, run_name: name, start_time: start, tags };
    return (await this.call<{ run: RunInfo }>('POST', 'runs/create', body))!.run;
  }

  /** In as many requests as the server's limits ask for. */
  async log(
    run: string,
    what: { metrics: readonly Metric[]; params: readonly Pair[]; tags: readonly Pair[] },
  ) {
    for (const kind of ['params', 'tags', 'metrics'] as const)
      for (let at = 0; at < what[kind].length; at += most[kind])
        await this.call('POST', 'runs/log-batch', {
          run_id: run,
          [kind]: what[kind].slice(at, at + most[kind]),
        });
  }

  async endRun(run: string, status: 'RUNNING' | 'FINISHED' | 'FAILED', end?: number): Promise<void> {
    await this.call('POST', 'runs/update', { run_id: run, status, end_time: end });
  }

  /** @param none a status that means: there is none */
  private async call<Answer>(
    method: string,
    path: string,
    body?: object,
    none?: number,
  ): Promise<Answer | null> {
    const address = new URL(`api/2.0/mlflow/${path}`, this.url.href.replace(/\/?$/, '/'));
    const text = body && JSON.stringify(body);
    const headers = { 'content-type': 'application/json', ...credentials() };
    const response = await fetch(address, { method, headers, ...(text && { body: text }) }).catch((error) => {
      const reason = messageOf(error.cause ?? error);
      throw new InputError(`no MLflow server answers at ${this.url.origin}: ${reason}; start: mlflow server`);
    });
    if (response.status === none) return null;
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`MLflow refused ${path.split('?')[0]}: ${response.status} ${await refusal(response)}`);
  }
}

async function refusal(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text.slice(0, 200);
  }
}

function credentials(): Record<string, string> {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = process.env;
  if (token) return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}
