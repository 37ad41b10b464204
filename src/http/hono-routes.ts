import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';

/** Routes of Hono on top of Node's HTTP server. */
export type Routes = Hono<{ Bindings: HttpBindings }>;

/** Creates routes that ignore a final slash. */
export const newRoutes = (): Routes => new Hono({ strict: false });
