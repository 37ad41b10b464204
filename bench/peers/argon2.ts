import { availableParallelism } from 'node:os';
import * as nodeRs from '@node-rs/argon2';
import * as reference from 'argon2';

/** Verifies a password with one library for some seconds, as many at once as there are cores. */
export interface Argon2Task {
  readonly library: 'argon2' | 'node-rs';
  /** Memory in KiB, and passes over it. Default: the parameters of Gatehouse. */
  readonly size?: readonly [memoryCost: number, timeCost: number];
  readonly seconds: number;
}

const libraries = {
  argon2: reference.verify,
  'node-rs': (hash: string, password: string) => nodeRs.verify(hash, password),
};

const password = 'wool-lantern-73';

const run = async ({
  library,
  size: [memoryCost, timeCost] = [19_456, 2],
  seconds,
}: Argon2Task) => {
  const verify = libraries[library];
  const hash = await reference.hash(password, { memoryCost, timeCost, parallelism: 1 });
  if (await verify(hash, 'another password')) throw new Error(`${library} accepts any password`);
  const startedAt = performance.now();
  let count = 0;
  const work = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      if (!(await verify(hash, password))) throw new Error(`${library} rejects the password`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  process.send?.({ count, seconds: (performance.now() - startedAt) / 1000 });
};

process.on('disconnect', () => process.exit());
process.on('message', (task: Argon2Task) => void run(task));
process.send?.('ready');
