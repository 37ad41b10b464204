import type { Server } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { announce } from './announce.ts';

/** Bare Hono that responds with JSON, in the version that Gatehouse uses. */
const app = new Hono().get('/', (context) => context.json({ hello: 'world' }));
announce(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
