import { freePort } from './free-port.ts';
import { type PostgresOptions, startPostgres } from './postgres/start-postgres.ts';
import type { Running } from './processes.ts';
import { type FindRedisOptions, findRedis } from './redis/find-redis.ts';
import { type RedisOptions, startRedis } from './redis/start-redis.ts';

/** Something the supervisor keeps running. */
export interface Part {
  /** One word, for the terminal and the pid file; `server`, `worker`, `redis`, `postgres` have an order. */
  name: string;
  /**
   * Starts it, the first time and after each death; resolves when it is ready to be used.
   * On an abort it gives up, leaves no process behind and rejects.
   */
  start(signal: AbortSignal): Promise<Running>;
}

/** Something the supervisor does once, between the starts of two parts. */
export interface Task {
  name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** A part of this machine's own, with the address it keeps over restarts. */
export interface EmbeddedPart extends Part {
  /** @throws Error when it has not been started yet. */
  url(): string;
}

export interface PostgresPart extends EmbeddedPart {
  /** The ordinary user it runs as when we are root; undefined otherwise, and before the start. */
  user(): string | undefined;
}

/** The embedded PostgreSQL as a part of the supervisor. */
export function postgresPart(
  options: Pick<PostgresOptions, 'directory' | 'password' | 'durable'>,
): PostgresPart {
  let user: string | undefined;
  const part = embedded('postgres', async (port, signal) => {
    const running = await startPostgres({ ...options, port, signal });
    user = running.user;
    return running;
  });
  return { ...part, user: () => user };
}

/** The embedded Redis as a part of the supervisor: finds or fetches the program, then runs it. */
export function redisPart(
  options: Pick<RedisOptions, 'directory' | 'password' | 'durable'> & FindRedisOptions,
): EmbeddedPart {
  return embedded('redis', async (port, signal) => {
    const binary = await findRedis({ ...options, signal });
    return startRedis({ ...options, binary, port, signal });
  });
}

function embedded(
  name: string,
  start: (port: number, signal: AbortSignal) => Promise<Running & { url: string }>,
): EmbeddedPart {
  let kept: { port: number; url: string } | undefined;
  return {
    name,
    url() {
      if (!kept) throw new Error(`${name} has not been started`);
      return kept.url;
    },
    async start(signal) {
      const port = kept?.port ?? (await freePort());
      const running = await start(port, signal).catch(async (error: Error) => {
        // Someone else was faster on that port: another one will do, as long as no one knows ours.
        if (kept || !/address already in use/i.test(error.message)) throw error;
        return await start(await freePort(), signal);
      });
      kept = { port: Number(new URL(running.url).port), url: running.url };
      return running;
    },
  };
}
