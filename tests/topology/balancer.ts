import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { answersTcp } from './answers-tcp.ts';
import { type BalancerPorts, balancerSettings } from './balancer-settings.ts';
import { configurationFile, Daemon, directoryOf } from './daemon.ts';
import { programs } from './debian-packages.ts';

export interface Balancer extends Daemon {
  /** URL of the API. */
  readonly url: string;
  /** Runs a command of its administrator. */
  tell(command: string): Promise<string>;
  /** Waits until it knows that every server is ready. */
  settled(): Promise<void>;
}

/** Starts HAProxy in front of the servers, the poolers, and the primary of PostgreSQL. */
export async function startBalancer(directory: string, ports: BalancerPorts): Promise<Balancer> {
  const home = directoryOf(directory, 'haproxy');
  const socket = join(home, 'admin.sock');
  const settings = balancerSettings(socket, ports);
  const file = configurationFile(join(home, 'haproxy.cfg'), settings);
  const daemon = new Daemon({
    name: 'haproxy',
    directory,
    command: [programs.haproxy, '-db', '-f', file],
    isReady: () => answersTcp(ports.api),
  });
  await daemon.restart();
  const tell = async (command: string) => {
    const client = connect(socket);
    client.write(`${command}\n`);
    return (await text(client)).trim();
  };
  return Object.assign(daemon, {
    url: `http://127.0.0.1:${ports.api}`,
    tell,
    async settled() {
      while (countReady(await tell('show stat ready 4 -1')) < ports.servers.length)
        await pause(100);
    },
  });
}

/** Counts the servers that are up, in statistics as CSV. */
const countReady = (statistics: string): number =>
  statistics.split('\n').filter((line) => line.split(',')[17] === 'UP').length;
