import { allCores } from '../machine/cores.ts';
import { compare } from '../measure/compare.ts';
import type { Block } from './block.ts';
import { LOGINS, loginContender } from './login.ts';
import { ratioRow } from './row.ts';

/** Row 10: logins of two processes on all cores against one process on one core. */
export const twoProcesses: Block = async (lab, options) => {
  const two = await lab.gatehouse.server({ WEB_CONCURRENCY: '2' }, allCores);
  const [ofTwo, ofOne] = await compare(
    [
      { ...(await loginContender(lab, two, 2 * LOGINS)), name: '`login`, two processes' },
      { ...(await loginContender(lab)), name: '`login`, one process' },
    ],
    options,
  );
  await two.stop();
  const title = '`login` with two processes / one, on two cores';
  return { rows: [ratioRow({ target: '10', title, atLeast: 1.8, aim: 1.95 }, ofTwo, ofOne)] };
};
