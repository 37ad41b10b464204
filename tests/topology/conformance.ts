import {
  type Actions,
  done,
  dumpPostgres,
  dumpRedis,
  restart,
  startControl,
} from '#tests/conformance/control.ts';
import { runChecks } from '#tests/conformance/run-checks.ts';
import { anyOf } from '#tests/faults/password-steps.ts';
import { restartAll } from '#tests/support/managed-process.ts';
import { password } from '#tests/support/redis-node.ts';
import type { Topology } from './topology.ts';

/** Runs the black-box checks of `npm run conformance` through the balancer. */
export async function checkConformance(topology: Topology, smtpPort: number): Promise<void> {
  const { servers, workers, balancer } = topology;
  const control = await startControl(topology, storeActions(topology));
  try {
    await runChecks({
      ...topology,
      smtpPort,
      control,
      async restart(more) {
        await restartAll([...servers, ...workers], more);
        await balancer.settled();
      },
    });
  } finally {
    control.close();
  }
}

/** Restarts of a primary, and dumps. */
function storeActions({ redis, patroni, variables }: Topology): Actions {
  return {
    CHECK_CMD_REDIS_RESTART: done(async () => {
      await restart(anyOf(await redis.primaries()));
      await redis.settled();
    }),
    CHECK_CMD_PG_RESTART: done(async () => {
      await restart(await patroni.primary());
      await patroni.settled();
    }),
    CHECK_CMD_DUMP_REDIS: async () => {
      const ports = (await redis.primaries()).map(({ port }) => port);
      return dumpRedis(ports.map((port) => `redis://:${password}@127.0.0.1:${port}`));
    },
    CHECK_CMD_DUMP_PG: () => dumpPostgres(variables.DATABASE_URL ?? ''),
  };
}
