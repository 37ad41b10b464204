import { betterAuth } from './better-auth.ts';
import { codes } from './codes.ts';
import { counts } from './counts.ts';
import { flood } from './flood.ts';
import { login } from './login.ts';
import { me } from './me.ts';

/** Every block, in the order in which they run. */
export const blocks = { me, 'better-auth': betterAuth, login, flood, codes, counts };

/** Blocks of a quick run. Their number and length keep it below three minutes. */
export const quickBlocks = ['me', 'login', 'flood', 'counts'];
