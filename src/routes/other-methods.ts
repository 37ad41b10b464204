import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { ProblemName } from '../errors/problem-types.ts';
import type { ProblemOptions } from '../http/problem.ts';

/** What has a path but not this method is answered with those that it has, RFC 9110 §15.5.6. */
export function refuseOtherMethods(
  routes: Hono<{ Bindings: HttpBindings }>,
  refuse: (c: Context, name: ProblemName, detail: string, more: ProblemOptions) => Response,
): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of routes.routes) {
    if (method === 'ALL') continue;
    const known = methods.get(path) ?? new Set(['OPTIONS']);
    methods.set(path, known.add(method));
    if (method === 'GET') known.add('HEAD');
  }
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(', ');
    routes.all(path, (c) =>
      c.req.method === 'OPTIONS'
        ? c.body(null, 204, { allow })
        : refuse(c, 'method-not-allowed', `Method "${c.req.method}" not allowed.`, {
            headers: { allow },
          }),
    );
  }
}
