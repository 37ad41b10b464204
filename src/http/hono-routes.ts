import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { BaseUrl } from './base-url.ts';
import { type Problem, problemResponse } from './problem.ts';
import { stateOf } from './request-state.ts';

/** Routes of Hono on top of Node's HTTP server. */
export type Routes = Hono<{ Bindings: HttpBindings }>;

/** Creates routes that ignore a final slash. */
export const newRoutes = (): Routes => new Hono({ strict: false });

/** Refuses the request of a route, and records the code for the log. */
export type Refuse = (
  c: Context<{ Bindings: HttpBindings }>,
  problem: Problem,
  headers?: Readonly<Record<string, string>>,
) => Response;

/** Creates the function by which routes refuse requests. */
export const createRefuse =
  (baseUrl: BaseUrl): Refuse =>
  (c, problem, headers) => {
    stateOf(c.env.incoming).record.code = problem.code;
    return problemResponse(problem, baseUrl(c.req.header('host')), headers);
  };
