import { useEffect, useState } from 'preact/hooks';

/** Parameters of a section, such as its filter. */
export type Params = Readonly<Record<string, string>>;

/** A route, which the fragment of the URL contains: `#/users/ID?role=ADMIN`. */
export interface Route {
  readonly section: string;
  readonly id: string | undefined;
  readonly params: Params;
}

/** Decodes a part of a path. Anyone can write a link that is not well-formed. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readRoute(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [section = '', id] = path.split('/').map(decoded);
  return { section, id, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Returns a link to a section. Leaves out empty parameters. */
export function linkTo(path: string, params: Params = {}): string {
  const given = Object.entries(params).filter(([, value]) => value !== '');
  return `#/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`;
}

/** Changes the route without a new entry in the history. */
export function replaceRoute(link: string): void {
  history.replaceState(null, '', link);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Follows the fragment of the URL. */
export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const update = () => setRoute(readRoute());
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return route;
}
