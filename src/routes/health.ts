import type { Routes } from '../http/hono-routes.ts';
import type { Runtime } from '../services.ts';

/** Adds the probes: `/healthz` for the process, and `/readyz` for its parts. */
export function addHealth(routes: Routes, runtime: Runtime): void {
  routes.get('/healthz', (c) => c.json({ status: 'ok' }));
  routes.get('/readyz', async (c) => {
    const parts = await checkParts(runtime);
    // Without the queue and the mail server, accepted mails wait in the outbox.
    const isDown = [parts.postgresql, parts.redis].some(({ status }) => status === 'unavailable');
    return c.json({ status: isDown ? 'unavailable' : 'ok', parts }, isDown ? 503 : 200);
  });
}

/** Checks the parts of the service. Takes at most a second, even if a part does not respond. */
async function checkParts({ database, replica, redis, memory, queueRedis, readMail }: Runtime) {
  const [mail] = await Promise.all([
    readMail(),
    database.check(),
    replica?.probe.check(),
    redis.availability.check(),
    memory.check(),
    queueRedis.availability.check(),
  ]);
  const { state } = redis.availability;
  const isLimited = state.status === 'ok' && memory.isReserved;
  return {
    postgresql: database.state,
    // Without it, lists come from the primary.
    ...(replica && { replica: replica.probe.state }),
    redis: isLimited ? limited(memory.used) : state,
    queue: queueRedis.availability.state,
    mail,
  };
}

/** Describes Redis when it is nearly full, so that only known clients are served. */
const limited = (used: number) => ({
  status: 'limited',
  reason: `Redis uses ${Math.round(used * 100)} % of maxmemory, so unknown clients get 503. Raise maxmemory.`,
});
