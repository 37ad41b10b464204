import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Config } from '../config/load-config.ts';
import { isOutage } from '../errors/outage.ts';
import { diagnosisOf } from '../errors/outage-diagnosis.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/logger.ts';
import type { Sealer } from '../ports/sealer.ts';
import { prepareSigningKey } from './ensure-signing-key.ts';
import { KeyStore } from './key-store.ts';

interface KeyStores {
  readonly orm: MikroORM;
  readonly keySealer: Sealer;
  readonly clock: Clock;
  readonly config: Config;
  readonly database: { markUp(): void; markDown(error: unknown): void };
  readonly log: Log;
}

/** Opens the signing keys, and creates the first one. Retries while PostgreSQL is unavailable. */
export async function openKeys({ orm, keySealer, clock, config, database, log }: KeyStores) {
  const keys = new KeyStore(() => orm.em.fork(), keySealer);
  for (;;) {
    try {
      await prepareSigningKey(
        { em: orm.em.fork(), sealer: keySealer, clock },
        config.tokenAlgorithm,
        log,
      );
      await keys.jwks(clock.now());
      database.markUp();
      return keys;
    } catch (error) {
      if (!isOutage(error) || diagnosisOf(error)?.isMisconfigured) throw error;
      database.markDown(error);
      await pause(1000);
    }
  }
}
