import { once } from 'node:events';
import { join } from 'node:path';
import { LoginDocument } from '../../client/generated/graphql.ts';
import { serverCore } from '../machine/cores.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Argon2Task } from '../peers/argon2.ts';
import { type Child, startChild } from '../setup/child.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, PASSWORD, register } from '../setup/people.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { type Endpoint, repeated } from './contender.ts';
import { ratioRow } from './row.ts';

/** Logins in flight: enough to keep the hash queue busy. */
export const LOGINS = 8;

/** Row 4: `login` against verifying the same hash with nothing around it. */
export const login: Block = async (lab, options) => {
  const peer = await startRawArgon2(lab);
  const raw = [rawContender(peer, 'node-rs'), rawContender(peer, 'argon2')] as const;
  const { results, rows } = await compare(
    [...raw, await loginContender(lab)],
    options,
    ([nodeRs, argon2, ours]) => {
      const fastest = nodeRs.perSecond > argon2.perSecond ? nodeRs : argon2;
      const title = `\`login\` / raw argon2id (${fastest.name})`;
      return [ratioRow({ target: '4', title, atLeast: 0.8, aim: 0.9 }, ours, fastest)];
    },
  );
  await peer.stop();
  return { rows, costs: results };
};

/** `login` with the right password. Every response must have the id of a challenge. */
export async function loginContender(
  lab: Lab,
  server: Endpoint = lab.server,
  connections = LOGINS,
): Promise<Contender> {
  const people = await register(lab.client, lab.server.port, 32);
  const requests = people.map(({ email }) =>
    graphql(LoginDocument, { input: { email, password: PASSWORD } }),
  );
  const expected = responses.challenge;
  return repeated(lab, '`login`', server, { requests, expected, connections });
}

/** Starts the process of `rawContender`. */
export function startRawArgon2({ place }: Lab): Promise<Child> {
  const { directory, variables } = place;
  const command = [process.execPath, join(import.meta.dirname, '../peers/argon2.ts')];
  return startChild({ name: 'argon2', command, cores: serverCore, directory, variables });
}

/** Verifies a hash over and over, with nothing around it. */
export function rawContender(
  peer: Child,
  library: Argon2Task['library'],
  size?: Argon2Task['size'],
): Contender {
  return {
    name: library === 'node-rs' ? '@node-rs/argon2' : library,
    pid: peer.pid,
    async run(seconds) {
      const done = once(peer.process, 'message');
      peer.process.send({ library, seconds, ...(size && { size }) } satisfies Argon2Task);
      return (await done)[0];
    },
  };
}
