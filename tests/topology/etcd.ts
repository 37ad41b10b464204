import { freePort } from '#dev/free-port.ts';
import { answersOk, Daemon, directoryOf } from './daemon.ts';
import { programs } from './debian-packages.ts';

export interface Etcd {
  /** `host:port` of each member. */
  readonly hosts: readonly string[];
  readonly members: readonly Daemon[];
  /** Returns the member that leads the others. */
  leader(): Promise<Daemon>;
}

interface MemberStatus {
  readonly leader?: string;
  readonly header: { readonly member_id: string };
}

/** Starts etcd with three members, and its default timeouts (an election takes about a second). */
export async function startEtcd(directory: string): Promise<Etcd> {
  const ports: { client: number; peer: number }[] = [];
  for (let index = 0; index < 3; index += 1)
    ports.push({ client: await freePort(), peer: await freePort() });
  const peers = ports.map(({ peer }, index) => `etcd-${index + 1}=http://127.0.0.1:${peer}`);
  const members = ports.map(({ client, peer }, index) => {
    const name = `etcd-${index + 1}`;
    const flags = {
      name,
      'data-dir': directoryOf(directory, name),
      'listen-client-urls': `http://127.0.0.1:${client}`,
      'advertise-client-urls': `http://127.0.0.1:${client}`,
      'listen-peer-urls': `http://127.0.0.1:${peer}`,
      'initial-advertise-peer-urls': `http://127.0.0.1:${peer}`,
      'initial-cluster': peers.join(),
      'initial-cluster-token': 'gatehouse',
      'enable-v2': 'true',
    };
    return new Daemon({
      name,
      directory,
      command: [programs.etcd, ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`)],
      isReady: () => answersOk(`http://127.0.0.1:${client}/health`),
    });
  });
  await Promise.all(members.map((member) => member.restart()));
  return {
    hosts: ports.map(({ client }) => `127.0.0.1:${client}`),
    members,
    async leader() {
      for (const [index, { client }] of ports.entries()) {
        const status = await statusOf(client).catch(() => undefined);
        const member = members[index];
        if (member && status?.leader === status?.header.member_id) return member;
      }
      throw new Error('etcd has no leader');
    },
  };
}

async function statusOf(port: number): Promise<MemberStatus> {
  const url = `http://127.0.0.1:${port}/v3/maintenance/status`;
  const answer = await fetch(url, { method: 'POST', body: '{}' });
  return (await answer.json()) as MemberStatus;
}
