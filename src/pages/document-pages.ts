import type { Routes } from '../http/hono-routes.ts';
import { homePage } from './home.ts';
import { type Page, showPage } from './layout.ts';
import type { Shown } from './links.ts';
import { redocPage } from './redoc.ts';
import { swaggerUiPage } from './swagger-ui.ts';

/** Adds the first page, Swagger UI and ReDoc. */
export function addDocumentPages(routes: Routes, shown: Shown): void {
  const add = (path: string, page: Page) => routes.get(path, (c) => showPage(c, page, shown));
  add('/', homePage(shown));
  add('/api/docs', swaggerUiPage(routes));
  add('/api/redoc', redocPage(routes));
}
