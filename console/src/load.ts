import { useEffect, useRef, useState } from 'preact/hooks';
import type { GatehouseError, Result } from '../../client/src/result.ts';

/** State of a request. Keeps the last data while it runs again. */
export interface Loaded<Data> {
  readonly data: Data | undefined;
  readonly error: GatehouseError | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Runs a request now, whenever `key` changes, and on `reload`. */
export function useLoad<Data>(key: string, load: () => Promise<Result<Data>>): Loaded<Data> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Loaded<Data>, 'reload'>>({
    data: undefined,
    error: undefined,
    isLoading: true,
  });
  useEffect(() => {
    let isCurrent = true;
    setState((last) => ({ ...last, isLoading: true }));
    void load().then(({ data, error }) => {
      if (isCurrent) setState((last) => ({ data: data ?? last.data, error, isLoading: false }));
    });
    return () => {
      isCurrent = false;
    };
  }, [key, round]);
  return { ...state, reload: () => setRound((last) => last + 1) };
}

/** A list that grows page by page. */
export interface Pages<Row> extends Omit<Loaded<readonly Row[]>, 'data'> {
  readonly rows: readonly Row[] | undefined;
  readonly hasMore: boolean;
  more(): void;
}

interface Connection<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** Lists the rows of a connection, page by page. Starts anew whenever `key` changes. */
export function usePages<Row>(
  key: string,
  load: (after: string | undefined) => Promise<Result<Connection<Row>>>,
): Pages<Row> {
  const [older, setOlder] = useState<{ rows: readonly Row[]; end: Connection<Row>['pageInfo'] }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<GatehouseError>();
  const shown = useRef(key);
  const first = useLoad(key, () => {
    shown.current = key;
    setOlder(undefined);
    setError(undefined);
    return load(undefined);
  });
  const end = older?.end ?? first.data?.pageInfo;
  const rows = first.data && [...first.data.edges.map(({ node }) => node), ...(older?.rows ?? [])];
  const more = async () => {
    setBusy(true);
    const { data, error } = await load(end?.endCursor ?? undefined);
    setBusy(false);
    if (shown.current !== key) return;
    setError(error);
    if (!data) return;
    const found = data.edges.map(({ node }) => node);
    setOlder((last) => ({ rows: [...(last?.rows ?? []), ...found], end: data.pageInfo }));
  };
  return {
    rows,
    error: first.error ?? error,
    isLoading: first.isLoading || busy,
    hasMore: end?.hasNextPage ?? false,
    more: () => void more(),
    reload: first.reload,
  };
}

/** Follows a value that changes outside of the components. */
export function useStore<Value>(
  subscribe: (listener: () => void) => () => void,
  read: () => Value,
): Value {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const update = () => setValue(read);
    update();
    return subscribe(update);
  }, []);
  return value;
}
