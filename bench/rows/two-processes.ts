import { allCores, serverCore, sharing } from '../machine/cores.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Block } from './block.ts';
import { LOGINS, loginContender } from './login.ts';
import { ratioRow } from './row.ts';

/**
 * Row 10: logins of two processes against one. Stores, worker and client need cores too, so they
 * get the same ones: all of them share one core with the one process, and all cores with the two.
 */
export const twoProcesses: Block = async (lab, options) => {
  const two = await lab.gatehouse.server({ WEB_CONCURRENCY: '2' }, allCores);
  const [ofTwo, ofOne] = await compare(
    [
      onAll(allCores, 'two processes', await loginContender(lab, two, 2 * LOGINS)),
      onAll(serverCore, 'one process', await loginContender(lab)),
    ],
    options,
  );
  await two.stop();
  const title = '`login` with two processes, all on two cores / one process, all on one core';
  return { rows: [ratioRow({ target: '10', title, atLeast: 1.8, aim: 1.95 }, ofTwo, ofOne)] };
};

const onAll = (cores: string, name: string, contender: Contender): Contender => ({
  ...contender,
  name: `\`login\`, ${name}`,
  run: (seconds) => sharing(cores, () => contender.run(seconds)),
});
