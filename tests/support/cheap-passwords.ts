import { argon2Parameters } from '#src/adapters/argon2.ts';

/** Parameters that cost a thirtieth of those of production. Memory in KiB. */
export const cheapParameters = { ...argon2Parameters, memoryCost: 1024, timeCost: 1 };
