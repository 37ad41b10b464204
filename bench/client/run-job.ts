import { ConnectionPool } from './connection-pool.ts';
import { atFixedRate } from './fixed-rate.ts';
import type { HttpResponse } from './http-connection.ts';
import { type Expectation, type Job, type JobResult, latencyOf } from './job.ts';

/** Sends the requests of a job and checks every response. @throws Error at a wrong response */
export async function runJob(job: Job): Promise<JobResult> {
  const pool = await ConnectionPool.open(job.port, job.connections);
  const run = new Run(job);
  const send = async (number: number, startedAt: number) =>
    run.take(number, await pool.send(job.requests[number] ?? ''), startedAt);
  const sendInTurn = async () => {
    for (let number = run.next(); number !== undefined; number = run.next())
      await send(number, performance.now());
  };
  try {
    await (job.rate
      ? atFixedRate(job.rate, () => run.next(), send)
      : Promise.all(Array.from({ length: job.connections }, sendInTurn)));
    return run.result();
  } finally {
    pool.close();
  }
}

/** Position in the list of requests, and the responses so far. */
class Run {
  readonly #job: Job;
  readonly #startedAt = performance.now();
  readonly #latencies: number[] = [];
  readonly #refusals: number[] = [];
  readonly #bodies: string[] = [];
  #sent = 0;
  #endedAt = this.#startedAt;

  constructor(job: Job) {
    this.#job = job;
  }

  /** Returns the index of the next request; undefined at the end of the job. */
  next(): number | undefined {
    const { seconds, requests } = this.#job;
    const isOver = seconds
      ? performance.now() - this.#startedAt >= seconds * 1000
      : this.#sent >= requests.length;
    return isOver ? undefined : this.#sent++ % requests.length;
  }

  take(number: number, response: HttpResponse, startedAt: number): void {
    const { requests, expected, refusal, keepBodies } = this.#job;
    this.#endedAt = performance.now();
    if (fits(response, expected)) {
      this.#latencies.push(this.#endedAt - startedAt);
      if (keepBodies) this.#bodies[number] = response.body;
    } else if (refusal && fits(response, refusal)) {
      this.#refusals.push(this.#endedAt - startedAt);
    } else {
      const [request] = (requests[number] ?? '').split('\r\n');
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
