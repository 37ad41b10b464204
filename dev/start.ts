import { createHash } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { commandLine, run } from '#src/cli/command-line.ts';
import {
  type Config,
  ConfigError,
  environmentOf,
  environmentVariables,
  readConfig,
  type Variables,
} from '#src/config/load-config.ts';
import { explain } from './explain.ts';
import { nodePart, nodeTask } from './node-part.ts';
import { postgresPart, redisPart } from './parts.ts';
import { keepRunningVariables } from './running-variables.ts';
import { keepSecret } from './secret.ts';
import { supervise } from './supervisor.ts';

const directory = resolve('.data');
const root = resolve(import.meta.dirname, '..');
/** Milliseconds. */
const START_WITHIN = 30_000;
const say = (line: string) => console.log(line);

const description =
  'Runs the whole service until Ctrl-C. Starts its own PostgreSQL and Redis if none is set.';

await run(
  commandLine('npm start', description).action(async () => {
    process.exitCode = await start().catch((cause) => {
      throw cause instanceof ConfigError ? cause : new ConfigError(explain(cause), { cause });
    });
  }),
);

async function start(): Promise<number> {
  const compileCache = join(directory, 'compile-cache');
  enableCompileCache(compileCache);
  const given = environmentVariables();
  const needsPostgres = !given.DATABASE_URL;
  const needsRedis = !given.REDIS_URL && !given.REDIS_HOST && !given.REDIS_PORT;
  const embeds = environmentOf(given, 'development') === 'development';
  // Read before anything is started, with stand-ins for the parts that will be embedded.
  const config = readConfig(embeds ? withStandIns() : given, 'development');

  const secret = embeds ? keepSecret(directory) : '';
  const place = { directory, password: passwordOf(secret), durable: true };
  const postgres = needsPostgres ? postgresPart(place) : undefined;
  const searchPath = given.PATH ?? '';
  const redis = needsRedis
    ? redisPart({ ...place, cacheDirectory: directory, searchPath, say })
    : undefined;

  const storeVariables = () => ({
    SECRET_KEY: given.SECRET_KEY || secret,
    ...(postgres && { DATABASE_URL: postgres.url() }),
    ...(redis && { REDIS_URL: redis.url() }),
  });
  const env = (): Variables => ({
    NODE_COMPILE_CACHE: compileCache,
    ...given,
    NODE_ENV: config.environment,
    ...storeVariables(),
  });
  const node = (name: string, path: string) => ({ name, directory, script: join(root, path), env });
  const stores = [postgres, redis].filter((part) => part !== undefined);
  const service = [node('server', 'src/server.ts'), node('worker', 'worker/main.ts')];
  return supervise({
    directory,
    parts: [
      stores,
      nodeTask(node('migrate', 'src/cli/migrate.ts')),
      service.map((part) => nodePart({ ...part, readyWithin: START_WITHIN })),
    ],
    say,
    onReady: () => {
      if (embeds) keepRunningVariables(directory, storeVariables());
      const theirs = [...(postgres ? [] : ['PostgreSQL']), ...(redis ? [] : ['Redis'])];
      say(welcome(config, theirs, postgres?.user()));
      void sayReadiness(config.port);
    },
  });

  function withStandIns() {
    return {
      ...given,
      DATABASE_URL: given.DATABASE_URL || 'postgres://embedded',
      REDIS_URL: needsRedis ? 'redis://embedded' : given.REDIS_URL,
      SECRET_KEY: given.SECRET_KEY || 'embedded',
    };
  }
}

/** Of the embedded stores: not the secret itself, which nobody but Gatehouse shall hold. */
function passwordOf(secret: string): string {
  return createHash('sha256').update(`embedded stores ${secret}`).digest('base64url');
}

/** Says which part keeps the service from its work; later changes stand in the log. */
async function sayReadiness(port: number): Promise<void> {
  const response = await fetch(`${urlOf(port)}/readyz`).catch(() => undefined);
  if (response?.status !== 503) return;
  const { parts } = (await response.json()) as { parts: Record<string, { status: string }> };
  for (const [name, { status }] of Object.entries(parts)) {
    if (status === 'unavailable') say(`Not ready: ${name} is unavailable; its log lines say why`);
  }
}

function urlOf(port: number): string {
  return `http://localhost:${port}`;
}

/** @param given the stores that the settings name */
function welcome(
  config: Config,
  given: readonly string[],
  postgresUser: string | undefined,
): string {
  const url = urlOf(config.port);
  const data =
    given.length === 0
      ? 'what it knows is kept in .data.'
      : `it runs in ${config.environment} mode on your own ${given.join(' and ')}.`;
  const note = postgresUser
    ? `\n  PostgreSQL refuses to run as root: here it runs as the user "${postgresUser}".\n`
    : '';
  return `
Gatehouse is running. Ctrl-C ends it; ${data}
${note}
  Everything          ${url}/
  Demo                ${url}/demo
  GraphQL, GraphiQL   ${url}/graphql
  REST, Swagger UI    ${url}/api/docs/
  Inbox               ${url}/inbox
  Public keys         ${url}/.well-known/jwks.json
  Health, readiness   ${url}/healthz  ${url}/readyz

  Try first, in GraphiQL, then read the code in the inbox:

    mutation { requestOtp(input: { email: "grace@example.com" }) { detail challengeId } }
`;
}
