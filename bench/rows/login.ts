import { once } from 'node:events';
import { join } from 'node:path';
import { LoginDocument } from '../../client/generated/graphql.ts';
import { serverCore } from '../machine/cores.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Argon2Task } from '../peers/argon2.ts';
import { startChild } from '../setup/child.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, PASSWORD, register } from '../setup/people.ts';
import type { Block } from './block.ts';
import { repeated } from './me.ts';
import { ratioRow } from './row.ts';

/** Logins in flight: enough to keep the hash queue busy. */
const CONNECTIONS = 8;

/** Row 4: `login` against verifying the same hash with nothing around it. */
export const login: Block = async (lab, options) => {
  const raw = await rawContenders(lab);
  const emails = await register(lab.client, lab.server.port, 32);
  const results = await compare([...raw, loginContender(lab, emails)], options);
  const [nodeRs, argon2, ours] = [...results.values()];
  if (!nodeRs || !argon2 || !ours) throw new Error('a contender is missing');
  const fastest = nodeRs.perSecond > argon2.perSecond ? nodeRs : argon2;
  const title = `\`login\` / raw argon2id (${fastest.name})`;
  return {
    rows: [ratioRow({ target: '4', title, atLeast: 0.8, aim: 0.9 }, ours, fastest)],
    costs: [ours],
  };
};

/** `login` with the right password. Every response must have the id of a challenge. */
export function loginContender(lab: Lab, emails: readonly string[]): Contender {
  const requests = emails.map((email) =>
    graphql(LoginDocument, { input: { email, password: PASSWORD } }),
  );
  const expected = { status: 200, text: '"challengeId":"' };
  return repeated(lab, '`login`', lab.server, requests, expected, CONNECTIONS);
}

async function rawContenders({ place }: Lab): Promise<Contender[]> {
  const script = join(import.meta.dirname, '../peers/argon2.ts');
  const { directory, variables } = place;
  const command = [process.execPath, script];
  const name = 'raw-argon2';
  const peer = await startChild({ name, command, cores: serverCore, directory, variables });
  const libraries = { '@node-rs/argon2': 'node-rs', argon2: 'argon2' } as const;
  return Object.entries(libraries).map(([name, library]) => ({
    name,
    pid: peer.pid,
    async run(seconds) {
      const done = once(peer.process, 'message');
      peer.process.send({ library, seconds } satisfies Argon2Task);
      return (await done)[0];
    },
  }));
}
