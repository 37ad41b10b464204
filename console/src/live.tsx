import { useEffect, useRef, useState } from 'preact/hooks';
import type { GatehouseError } from '../../client/src/result.ts';
import { client } from './client.ts';
import { type AuditEvent, EventTable } from './event-table.tsx';
import { Empty, Failure, Heading, Loading } from './parts.tsx';

/** Milliseconds between two requests. */
const INTERVAL = 3000;
/** Maximum of milliseconds between two requests after errors. */
const LONGEST = 60_000;
/** Maximum number of events on the page. */
const MOST = 200;

interface Feed {
  readonly rows: readonly AuditEvent[] | undefined;
  readonly error: GatehouseError | undefined;
}

/** Reads new events while the page is visible. Waits longer after each error. */
function useFeed(isPaused: boolean): Feed {
  const [feed, setFeed] = useState<Feed>({ rows: undefined, error: undefined });
  const newest = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (isPaused) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = INTERVAL;
    let isReading = false;
    let isOver = false;

    const read = async () => {
      if (isReading || isOver || document.hidden) return;
      isReading = true;
      const { data, error } = await client.auditLogs(
        newest.current ? { last: 100, before: newest.current } : { first: 25 },
      );
      isReading = false;
      if (isOver) return;
      pause = error ? Math.min(2 * pause, LONGEST) : INTERVAL;
      newest.current = data?.pageInfo.startCursor ?? newest.current;
      const rows = data?.edges.map(({ node }) => node) ?? [];
      setFeed((last) => ({
        rows: data || last.rows ? [...rows, ...(last.rows ?? [])].slice(0, MOST) : undefined,
        error,
      }));
      clearTimeout(timer);
      timer = setTimeout(() => void read(), pause);
    };
    const onVisible = () => {
      clearTimeout(timer);
      void read();
    };
    document.addEventListener('visibilitychange', onVisible);
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [isPaused]);
  return feed;
}

/** Shows events as they are written. */
export function Live() {
  const [isPaused, setPaused] = useState(false);
  const { rows, error } = useFeed(isPaused);
  return (
    <>
      <Heading title="Live" lead="New events appear within a few seconds.">
        <span class={`pulse ${isPaused || error ? 'off' : ''}`} aria-hidden="true" />
        <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Continue' : 'Pause'}
        </button>
      </Heading>
      {error && <Failure error={error} />}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && <Empty>No event yet. Sign in somewhere, and it appears here.</Empty>}
      {rows && rows.length > 0 && <EventTable rows={rows} isBusy={false} />}
    </>
  );
}
