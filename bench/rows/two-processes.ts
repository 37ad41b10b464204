import { allCores, serverCore, sharing } from '../machine/cores.ts';
import { compare, type Measured } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Block } from './block.ts';
import { LOGINS, loginContender, rawContender, startRawArgon2 } from './login.ts';
import { type Row, ratioRow } from './row.ts';

/**
 * Row 10: logins of two processes against one. Stores, worker and client need cores too, so they
 * get the same ones: all of them share one core with the one process, and all cores with the two.
 * Raw hashes show what the second core of this machine gives at most, and those that need little
 * memory, what it gives where the cores do not share a cache that is too small for two hashes.
 */
export const twoProcesses: Block = async (lab, options) => {
  const two = await lab.gatehouse.server({ WEB_CONCURRENCY: '2' }, allCores);
  const peer = await startRawArgon2(lab);
  const raw = rawContender(peer, 'node-rs');
  const small = rawContender(peer, 'node-rs', [4096, 9]);
  const title = '`login` with two processes, all on two cores / one process, all on one core';
  const { rows } = await compare(
    [
      onAll(allCores, '`login`, two processes', await loginContender(lab, two, 2 * LOGINS)),
      onAll(serverCore, '`login`, one process', await loginContender(lab)),
      onAll(allCores, 'raw argon2id, two cores', raw),
      onAll(serverCore, 'raw argon2id, one core', raw),
      onAll(allCores, 'raw argon2id in 4 MiB, two cores', small),
      onAll(serverCore, 'raw argon2id in 4 MiB, one core', small),
    ],
    options,
    ([ofTwo, ofOne, rawOnTwo, rawOnOne, smallOnTwo, smallOnOne]) => [
      ratioRow({ target: '10', title, atLeast: 1.8, aim: 1.95 }, ofTwo, ofOne),
      referenceRow('19 MiB twice', rawOnTwo, rawOnOne),
      referenceRow('4 MiB nine times', smallOnTwo, smallOnOne),
    ],
  );
  await two.stop();
  await peer.stop();
  return { rows };
};

/** A ratio without a target. */
function referenceRow(parameters: string, onTwo: Measured, onOne: Measured): Row {
  const title = `raw argon2id, ${parameters}, on two cores / on one core`;
  const row = ratioRow({ target: '–', title, atLeast: 0, aim: 0 }, onTwo, onOne);
  return { ...row, atLeast: '', aim: '', met: false, isOpen: false };
}

const onAll = (cores: string, name: string, contender: Contender): Contender => ({
  ...contender,
  name,
  run: (seconds) => sharing(cores, () => contender.run(seconds)),
});
