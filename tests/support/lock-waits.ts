/** Counts the transactions of the current database that wait for a lock. */
export const LOCK_WAITS = `select count(*)::int as waiting from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;
