import { createClient } from '../../client/src/client.ts';

/** The client of this page. The session lives as long as the tab. */
export const client = createClient({
  url: location.origin,
  storage: sessionStorage,
  storageKey: 'gatehouse-console',
});
