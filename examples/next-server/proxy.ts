import { type NextRequest, NextResponse } from 'next/server';
import { createRequestClient } from './session';

/** Refreshes the session before a page is rendered, because a page cannot set cookies. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const changes: ((response: NextResponse) => void)[] = [];
  const cookies = {
    get: (name: string) => request.cookies.get(name),
    set(name: string, value: string, options: object) {
      request.cookies.set(name, value);
      changes.push((response) => response.cookies.set(name, value, options));
    },
  };
  await createRequestClient(cookies, request.headers).getAccessToken();
  const response = NextResponse.next({ request });
  for (const change of changes) change(response);
  return response;
}

export const config = { matcher: '/((?!_next/).*)' };
