import { KeyedMutex } from './keyed-mutex.ts';
import { RecentKeys, SharedWork } from './recent.ts';

/** Counts that reached their cap and are remembered. The key of one has some hundred characters. */
const MAX_COUNTS = 100;
/** Milliseconds for which they are. */
const COUNT_LIFETIME = 60_000;

/** State in memory that the requests of a process share. */
export const createSharedState = () => ({
  keyedMutex: new KeyedMutex(),
  sharedWork: new SharedWork(),
  cappedCounts: new RecentKeys(MAX_COUNTS, COUNT_LIFETIME),
});
