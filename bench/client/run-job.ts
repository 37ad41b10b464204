import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection, type HttpResponse } from './http-connection.ts';
import { type Expectation, type Job, type JobResult, latencyOf } from './job.ts';

/** Sends the requests of a job and checks every response. @throws Error at a wrong response */
export async function runJob(job: Job): Promise<JobResult> {
  const connections = await Promise.all(
    Array.from({ length: job.connections }, () => HttpConnection.open(job.port)),
  );
  const run = new Run(job);
  try {
    await (job.rate ? openLoop(job, job.rate, connections, run) : closedLoop(connections, run));
    return run.result();
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** The next request of a connection follows its response. */
const closedLoop = (connections: readonly HttpConnection[], run: Run) =>
  Promise.all(
    connections.map(async (connection) => {
      for (let number = run.next(); number !== undefined; number = run.next()) {
        const sentAt = performance.now();
        run.take(number, await connection.send(run.requests[number] ?? ''), sentAt);
      }
    }),
  );

/** Requests start at fixed times. Latency counts from then, so a slow server cannot hide it. */
async function openLoop({ port }: Job, rate: number, connections: HttpConnection[], run: Run) {
  const free = [...connections];
  const pending: Promise<void>[] = [];
  const startedAt = performance.now();
  const send = async (number: number, dueAt: number) => {
    const connection = free.pop() ?? (await HttpConnection.open(port));
    if (!connections.includes(connection)) connections.push(connection);
    run.take(number, await connection.send(run.requests[number] ?? ''), dueAt);
    free.push(connection);
  };
  for (let sent = 0; ; sent += 1) {
    const dueAt = startedAt + (sent * 1000) / rate;
    const wait = dueAt - performance.now();
    if (wait > 0) await sleep(wait);
    const number = run.next();
    if (number === undefined) break;
    pending.push(send(number, dueAt));
  }
  await Promise.all(pending);
}

/** Position in the list of requests, and the responses so far. */
class Run {
  readonly requests: readonly string[];
  readonly #job: Job;
  readonly #startedAt = performance.now();
  readonly #latencies: number[] = [];
  readonly #refusals: number[] = [];
  readonly #bodies: string[] = [];
  #sent = 0;
  #endedAt = this.#startedAt;

  constructor(job: Job) {
    this.#job = job;
    this.requests = job.requests;
  }

  /** Returns the index of the next request; undefined at the end of the job. */
  next(): number | undefined {
    const { seconds } = this.#job;
    const isOver = seconds
      ? performance.now() - this.#startedAt >= seconds * 1000
      : this.#sent >= this.requests.length;
    return isOver ? undefined : this.#sent++ % this.requests.length;
  }

  take(number: number, response: HttpResponse, sentAt: number): void {
    const { expected, refusal, keepBodies } = this.#job;
    this.#endedAt = performance.now();
    if (fits(response, expected)) {
      this.#latencies.push(this.#endedAt - sentAt);
      if (keepBodies) this.#bodies[number] = response.body;
    } else if (refusal && fits(response, refusal)) {
      this.#refusals.push(this.#endedAt - sentAt);
    } else {
      const [request] = (this.requests[number] ?? '').split('\r\n');
      const { status, body } = response;
      throw new Error(
        `${request}: expected ${expected.status} with ${expected.text}, got ${status} ${body.slice(0, 500)}`,
      );
    }
  }

  result(): JobResult {
    return {
      count: this.#latencies.length,
      seconds: (this.#endedAt - this.#startedAt) / 1000,
      latency: latencyOf(this.#latencies),
      refusals: this.#refusals.length,
      refusalLatency: latencyOf(this.#refusals),
      bodies: this.#bodies,
    };
  }
}

const fits = ({ status, body }: HttpResponse, { status: wanted = status, text }: Expectation) =>
  status === wanted && body.includes(text);
