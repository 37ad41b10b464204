import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { addressLimits, clientLimits, otherLimits } from '#src/config/limits.ts';
import type { Variables } from '#src/config/load-config.ts';
import { otherCores, serverCore } from '../machine/cores.ts';
import { type Child, startChild } from './child.ts';
import type { Place } from './place.ts';
import type { Stores } from './stores.ts';

/** The command that production runs. */
const gatehouse = resolve(import.meta.dirname, '../../bin/gatehouse');

export interface GatehouseOptions {
  readonly place: Place;
  readonly stores: Pick<Stores, 'postgresUrl' | 'redisUrl'>;
  readonly smtpPort: number;
}

/** A server or worker of Gatehouse with settings of production, and limits out of reach. */
export class Gatehouse {
  readonly #options: GatehouseOptions;
  readonly #variables: Variables;

  constructor(options: GatehouseOptions) {
    this.#options = options;
    const { stores, smtpPort, place } = options;
    this.#variables = {
      ...place.variables,
      ...wideLimits(),
      SECRET_KEY: randomBytes(48).toString('base64'),
      DATABASE_URL: stores.postgresUrl,
      REDIS_URL: stores.redisUrl,
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      MAIL_FROM: 'Gatehouse <no-reply@example.com>',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://auth.example.com',
      WEB_CONCURRENCY: '1',
    };
  }

  /** Starts a server on the core of the server, unless told otherwise. */
  async server(more: Variables = {}, cores = serverCore): Promise<Child & { port: number }> {
    const port = await freePort();
    const variables = { ...this.#variables, PORT: String(port), ...more };
    return Object.assign(await this.#start('server', cores, variables), { port });
  }

  worker(): Promise<Child> {
    return this.#start('worker', otherCores, this.#variables);
  }

  #start(command: string, cores: string, variables: Variables): Promise<Child> {
    const { directory } = this.#options.place;
    const words = ['sh', gatehouse, command];
    return startChild({ name: command, command: words, cores, directory, variables });
  }
}

/** Returns the highest value of every limit: the bench measures what they protect. */
function wideLimits(): Variables {
  const rows = Object.values({ ...clientLimits, ...addressLimits, ...otherLimits });
  const widest = ['9999999/600', '100000', '1000', '100'];
  return Object.fromEntries(
    rows.map(({ variable, shape }) => [
      variable,
      widest.find((value) => shape.safeParse(value).success),
    ]),
  );
}
