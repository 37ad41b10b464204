import type { Routes } from '../http/hono-routes.ts';
import type { Runtime } from '../services.ts';

type Part =
  | Runtime['database']['state']
  /** No worker has reported the mail server in the last minute. */
  | { readonly status: 'unknown' }
  /** Redis is nearly full, and only known clients are served. */
  | { readonly status: 'limited'; readonly reason: string };

/** Adds the probes: `/healthz` for the process, and `/readyz` for its parts. */
export function addHealth(routes: Routes, runtime: Runtime): void {
  routes.get('/healthz', (c) => c.json({ status: 'ok' }));
  routes.get('/readyz', async (c) => {
    const parts = await checkParts(runtime);
    // Without the queue and the mail server, accepted mails wait in the outbox.
    const isReady = [parts.postgresql, parts.redis].every(({ status }) => status !== 'unavailable');
    return isReady
      ? c.json({ status: 'ok', parts }, 200)
      : c.json({ status: 'unavailable', parts }, 503);
  });
}

/** Checks the parts of the service. Takes at most a second, even if a part does not answer. */
async function checkParts(runtime: Runtime) {
  const { database, redis, memory, queueRedis, readMail } = runtime;
  const [mail] = await Promise.all([
    readMail(),
    database.check(),
    redis.availability.check(),
    memory.check(),
    queueRedis.availability.check(),
  ]);
  return {
    postgresql: database.state as Part,
    redis: withMemory(redis.availability.state, memory),
    queue: queueRedis.availability.state,
    mail,
  };
}

function withMemory(part: Part, { isReserved, used }: Runtime['memory']): Part {
  if (part.status !== 'ok' || !isReserved) return part;
  const share = Math.round(used * 100);
  return {
    status: 'limited',
    reason: `Redis uses ${share} % of maxmemory, so unknown clients get 503. Raise maxmemory.`,
  };
}
