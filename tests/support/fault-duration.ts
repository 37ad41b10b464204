import { setTimeout as pause } from 'node:timers/promises';

/**
 * Lets a fault last, or an attack go on, for so many milliseconds. The only fixed wait that tests may
 * use: everything else waits for a condition.
 */
export const faultLasts = (milliseconds: number): Promise<void> => pause(milliseconds);
