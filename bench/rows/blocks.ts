import { betterAuth } from './better-auth.ts';
import { codes } from './codes.ts';
import { costs } from './costs.ts';
import { counts } from './counts.ts';
import { flood } from './flood.ts';
import { login } from './login.ts';
import { me } from './me.ts';
import { processes } from './processes.ts';
import { sealing } from './sealing.ts';
import { signIns } from './sign-ins.ts';
import { soak } from './soak.ts';
import { twoProcesses } from './two-processes.ts';
import { worker } from './worker.ts';

/** Every block, in the order in which they run. */
export const blocks = {
  me,
  'better-auth': betterAuth,
  login,
  flood,
  codes,
  'two-processes': twoProcesses,
  worker,
  sealing,
  'sign-ins': signIns,
  processes,
  soak,
  costs,
  counts,
};

/** Blocks of a quick run. Their number and length keep it below three minutes. */
export const quickBlocks = ['me', 'login', 'flood'];
