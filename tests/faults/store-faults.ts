import type { Fault, FaultTargets } from './fault.ts';

const nothing = async () => undefined;

export function postgresFaults({ administrator }: FaultTargets): Fault[] {
  const { postgres } = administrator.stores;
  const target = 'PostgreSQL';
  let unlock: () => void = () => undefined;
  const setting = 'default_transaction_read_only';
  const alter = async (change: string) => {
    await administrator.sql(`alter system ${change}`);
    await administrator.sql('select pg_reload_conf()');
  };
  const down = { target, effect: 'down', rounds: 1 } as const;
  const restart = { ...down, seconds: [0, 6], end: () => postgres.restart() } as const;
  return [
    {
      ...restart,
      name: 'PostgreSQL stops at once',
      begin: () => administrator.stopPostgresImmediately(),
    },
    { ...restart, name: 'kill -9 PostgreSQL', begin: () => postgres.kill() },
    {
      ...down,
      name: 'SIGSTOP PostgreSQL',
      seconds: [2, 6],
      begin: async () => postgres.freeze(),
      end: async () => postgres.thaw(),
    },
    {
      ...down,
      name: 'accounts locked, pools exhausted',
      effect: 'disturbed',
      seconds: [3, 6],
      begin: async () => {
        unlock = await administrator.lockAccounts();
      },
      end: async () => unlock(),
    },
    {
      ...down,
      name: 'PostgreSQL read-only',
      effect: 'disturbed',
      seconds: [3, 6],
      begin: () => alter(`set ${setting} = on`),
      end: () => alter(`reset ${setting}`),
    },
    {
      ...down,
      name: 'connections to PostgreSQL cut',
      effect: 'disturbed',
      seconds: [1, 1],
      begin: () =>
        administrator.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gatehouse-%er'",
        ),
      end: nothing,
    },
  ];
}

export function redisFaults({ administrator }: FaultTargets): Fault[] {
  const { redis } = administrator.stores;
  const run = (...command: [string, ...string[]]) => administrator.redis(...command);
  const down = { target: 'Redis', effect: 'down', rounds: 1 } as const;
  const restart = { ...down, seconds: [0, 6], end: () => redis.restart() } as const;
  const moment = { ...down, seconds: [1, 1], end: nothing } as const;
  return [
    { ...restart, name: 'kill -9 Redis', begin: () => redis.kill() },
    {
      ...restart,
      name: 'kill -9 Redis, its data lost',
      effect: 'empty',
      rounds: 2,
      begin: async () => {
        await run('FLUSHALL');
        await redis.kill();
      },
    },
    {
      ...down,
      name: 'SIGSTOP Redis',
      seconds: [2, 6],
      begin: async () => redis.freeze(),
      end: async () => redis.thaw(),
    },
    {
      ...down,
      name: 'Redis full',
      effect: 'full',
      seconds: [3, 8],
      begin: () => run('CONFIG', 'SET', 'maxmemory', '1'),
      end: () => run('CONFIG', 'SET', 'maxmemory', '0'),
    },
    { ...moment, name: 'FLUSHALL', effect: 'empty', rounds: 2, begin: () => run('FLUSHALL') },
    {
      ...moment,
      name: 'SCRIPT FLUSH',
      effect: 'disturbed',
      begin: () => run('SCRIPT', 'FLUSH'),
    },
    {
      ...moment,
      name: 'connections to Redis cut',
      effect: 'disturbed',
      begin: () => run('CLIENT', 'KILL', 'TYPE', 'NORMAL'),
    },
  ];
}
