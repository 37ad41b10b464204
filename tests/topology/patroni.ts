import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '#dev/free-port.ts';
import { childrenOf } from '#tests/support/child-processes.ts';
import { answersOk, configurationFile, Daemon, directoryOf } from './daemon.ts';
import { programs } from './debian-packages.ts';

export const password = 'of-the-topology';

/** Seconds for which a primary stays the leader after its last sign of life. */
export const LEASE = 20;

/** A PostgreSQL that Patroni runs. */
export interface PatroniNode extends Daemon {
  /** Port of PostgreSQL. */
  readonly port: number;
  /** Port of Patroni's REST API. */
  readonly api: number;
}

export interface Patroni {
  readonly nodes: readonly PatroniNode[];
  primary(): Promise<PatroniNode>;
  /** Waits until there is a primary, and the other node is its synchronous replica. */
  settled(): Promise<void>;
}

/**
 * Settings that all nodes share, stored in etcd. A primary that dies keeps the leadership until its
 * lease of `ttl` seconds ends; 20 is the least that Patroni's manual allows. A commit waits for the
 * replica, so a failover loses nothing. Not strict: without a replica, the primary serves alone.
 */
const shared = {
  ttl: LEASE,
  loop_wait: 5,
  retry_timeout: 5,
  maximum_lag_on_failover: 1_048_576,
  synchronous_mode: true,
  synchronous_mode_strict: false,
  postgresql: { use_pg_rewind: true, use_slots: true },
};

/** Starts a primary and its replica. */
export async function startPatroni(
  directory: string,
  etcdHosts: readonly string[],
): Promise<Patroni> {
  const nodes: PatroniNode[] = [];
  for (const name of ['postgres-1', 'postgres-2']) {
    const place = { name, port: await freePort(), api: await freePort() };
    nodes.push(createNode(directory, etcdHosts, place));
  }
  const patroni: Patroni = {
    nodes,
    async primary() {
      for (const node of nodes) if (await answersOk(`${urlOf(node)}/primary`)) return node;
      throw new Error('PostgreSQL has no primary');
    },
    async settled() {
      while (!(await isSettled(nodes))) await pause(200);
    },
  };
  // The first one creates the database, and the second one copies it.
  for (const node of nodes) await node.restart();
  await patroni.settled();
  return patroni;
}

const urlOf = ({ api }: PatroniNode) => `http://127.0.0.1:${api}`;

interface Member {
  readonly role: string;
  readonly state: string;
}

async function isSettled(nodes: readonly PatroniNode[]): Promise<boolean> {
  const answers = nodes.map(async (node) => {
    const answer = await fetch(`${urlOf(node)}/cluster`, { signal: AbortSignal.timeout(1000) });
    const { members } = (await answer.json()) as { members: readonly Member[] };
    const states = members.map(({ role, state }) => `${role} ${state}`).sort();
    return states.join() === 'leader running,sync_standby running';
  });
  return (await Promise.all(answers).catch(() => [false])).every(Boolean);
}

function createNode(
  directory: string,
  etcdHosts: readonly string[],
  { name, port, api }: { name: string; port: number; api: number },
): PatroniNode {
  const home = directoryOf(directory, name);
  const data = join(home, 'data');
  const user = (username: string) => ({ username, password });
  const settings = {
    scope: 'gatehouse',
    name,
    restapi: { listen: `127.0.0.1:${api}`, connect_address: `127.0.0.1:${api}` },
    // Over the v3 API, Patroni 3.0 overwrites the key of another leader when a frozen one continues.
    etcd: { hosts: etcdHosts },
    bootstrap: {
      dcs: shared,
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: data,
      bin_dir: dirname(programs.postgres),
      pgpass: join(home, 'pgpass'),
      pg_hba: [
        'host all all 127.0.0.1/32 scram-sha-256',
        'host replication all 127.0.0.1/32 scram-sha-256',
      ],
      authentication: {
        superuser: user('postgres'),
        replication: user('replication'),
        rewind: user('rewind'),
      },
      parameters: {
        unix_socket_directories: home,
        max_connections: 100,
        shared_buffers: '32MB',
        log_error_verbosity: 'terse',
      },
    },
  };
  const file = configurationFile(join(home, 'patroni.yml'), stringify(settings));
  const node = new Daemon({
    name,
    directory,
    command: [programs.patroni, file],
    isReady: () => answersOk(`http://127.0.0.1:${api}/health`),
    // PostgreSQL outlives Patroni.
    others: () => processesOf(data),
  });
  return Object.assign(node, { port, api });
}

/** Returns the processes of the PostgreSQL on this data. */
function processesOf(data: string): number[] {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return [pid, ...childrenOf(pid)];
  } catch {
    return [];
  }
}
