import type { Routes } from '../http/hono-routes.ts';
import type { Runtime } from '../services.ts';

/** Adds `/metrics` for development. In production it has a port of its own. */
export function addMetrics(routes: Routes, { metrics }: Runtime): void {
  routes.get('/metrics', async (c) => c.text(await metrics.print()));
}
