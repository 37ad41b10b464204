import { routePath } from 'hono/route';
import type { BaseUrl } from '../http/base-url.ts';
import { newRoutes, type Routes } from '../http/hono-routes.ts';
import { type RequestState, stateOf } from '../http/request-state.ts';
import { addConsole } from '../pages/console.ts';
import { addDemo } from '../pages/demo.ts';
import { addExplorer, type ExplorerFiles } from '../pages/explorer.ts';
import { homePage } from '../pages/home.ts';
import { addPage, addStyle } from '../pages/layout.ts';
import { redocPage, swaggerUiPage } from '../pages/openapi-pages.ts';
import { addProblemPages } from '../pages/problem-pages.ts';
import { addressUndo, addUndoPage, factorUndo } from '../pages/undo-page.ts';
import type { Operation } from '../ports/operation.ts';
import type { Runtime } from '../services.ts';
import { addMetrics } from './development-metrics.ts';
import { answerErrors, rejectOtherMethods, rejectUnknownPaths } from './error-responses.ts';
import { addHealth } from './health.ts';
import { addInbox } from './inbox.ts';
import { addWellKnown } from './well-known.ts';

/** Values that other folders contribute to the routes. */
export interface RouteParts {
  readonly baseUrl: BaseUrl;
  readonly rest: Routes;
  readonly oauth: Routes;
  readonly documents: Routes;
  readonly undoEmailChange: Operation<RequestState>;
  readonly undoFactorChange: Operation<RequestState>;
  readonly readExplorer: () => Promise<ExplorerFiles>;
}

/** Mounts every route except GraphQL. */
export function mountRoutes(runtime: Runtime, parts: RouteParts): Routes {
  const { config } = runtime;
  const routes = newRoutes();
  recordOperations(routes);
  routes.route('/api/v1', parts.rest);
  routes.route('/', parts.documents);
  routes.route('/', parts.oauth);
  addStyle(routes);
  addWellKnown(routes, runtime);
  addHealth(routes, runtime);
  if (config.environment === 'development') {
    addDemo(routes, config);
    addInbox(routes, runtime);
    addMetrics(routes, runtime);
  }
  if (config.apiDocs) {
    addPage(routes, '/', homePage(config), config);
    addPage(routes, '/api/docs', swaggerUiPage(routes), config);
    addPage(routes, '/api/redoc', redocPage(routes), config);
  }
  if (config.console) addConsole(routes, config);
  addProblemPages(routes, config);
  addUndoPage(routes, config, addressUndo, parts.undoEmailChange);
  addUndoPage(routes, config, factorUndo, parts.undoFactorChange);
  rejectOtherMethods(routes);
  rejectUnknownPaths(routes, config);
  answerErrors(routes, parts.baseUrl);
  if (config.graphiql) addExplorer(routes, config, parts.readExplorer);
  return routes;
}

/** Records the route of each request for the log. */
function recordOperations(routes: Routes): void {
  routes.use(async (c, next) => {
    await next();
    const path = routePath(c, -1);
    if (path.endsWith('*')) return;
    stateOf(c.env.incoming).record.operation = `${c.req.method} ${path}`;
  });
}
