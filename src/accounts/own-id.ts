import { z } from 'zod';

/** Makes the rule for the id of an object of the own account. @param problem says that it is no such id */
export const ownId = (problem: string) =>
  z
    .string()
    .max(100, { error: problem })
    .refine((text) => !text.includes('\0'), { error: problem });
