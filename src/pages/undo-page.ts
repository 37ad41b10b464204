import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Config } from '../config/load-config.ts';
import { parseForm } from '../http/form-body.ts';
import type { Routes } from '../http/hono-routes.ts';
import { ProblemError, problemHeaders, toProblem } from '../http/problem.ts';
import { type RequestState, stateOf } from '../http/request-state.ts';
import type { Operation } from '../ports/operation.ts';
import { inlineFile } from './assets.ts';
import { type Page, showPage } from './layout.ts';

/** The texts of a page of undo links. */
export interface UndoPage {
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  readonly button: string;
  readonly done: string;
  readonly doneText: string;
  readonly failed: string;
}

/** The page for changes of the address. */
export const addressUndo: UndoPage = {
  path: '/email-change/undo',
  title: 'Undo the change of your e-mail address',
  lead: 'Your account keeps this address, or gets it back. All devices are signed out, and the password and API keys are removed. Then you can sign in with a code.',
  button: 'Undo the change',
  done: 'The change was undone',
  doneText:
    'Your account has this e-mail address again. All devices were signed out, and the password and API keys were removed. Sign in with a code, and set a new password.',
  failed: 'The change was not undone',
};

/** The page for first factors, and for resets of all factors. */
export const factorUndo: UndoPage = {
  path: '/factors/undo',
  title: 'Was it not you?',
  lead: 'If the mail says that two-step sign-in was turned on, this turns it off: all devices are signed out, and the password and API keys are removed. If the mail says that it will be turned off, this keeps it.',
  button: 'It was not me',
  done: 'Done',
  doneText:
    'If two-step sign-in had been turned on, it is off again, and you can sign in with a code. If it was to be turned off, it stays on.',
  failed: 'Nothing was changed',
};

const script = inlineFile('undo.js');

/**
 * Adds the page of undo links. GET only shows a button, because mail scanners follow links; POST
 * undoes the change. The secret is the fragment of the link: no browser sends it to a server, so
 * that access logs of proxies and the `Referer` header do not contain it. A script moves it into the
 * form, whose body is logged nowhere, and out of the address bar. Without scripts, users paste it.
 */
export function addUndoPage(
  routes: Routes,
  config: Config,
  texts: UndoPage,
  undo: Operation<RequestState>,
): void {
  const { path, done, doneText, failed } = texts;
  const show = (c: Context, page: Page) => {
    c.header('referrer-policy', 'no-referrer');
    return showPage(c, page, config);
  };
  routes.get(path, (c) => show(c, formPage(texts)));
  routes.post(path, bodyLimit({ maxSize: 1000, onError: rejectSize }), async (c) => {
    const { secret = '' } = parseForm(await c.req.arrayBuffer(), c.req.header('content-type'));
    const state = stateOf(c.env.incoming);
    try {
      await undo(state, { input: { secret } });
    } catch (error) {
      const problem = toProblem(error, state.log);
      state.record.code = problem.code;
      c.status(problem.status as ContentfulStatusCode);
      const { 'retry-after': wait } = problemHeaders(problem);
      if (wait) c.header('retry-after', wait);
      return show(c, resultPage(failed, `${problem.detail}.`));
    }
    return show(c, resultPage(done, doneText));
  });
}

function rejectSize(): never {
  throw new ProblemError('payload-too-large', 'The form has at most 1,000 bytes');
}

const formPage = ({ path, title, lead, button }: UndoPage): Page => ({
  title: `${title} · Gatehouse`,
  policy: (nonce) => ({ 'script-src': `'nonce-${nonce}'`, 'form-action': "'self'" }),
  content: (nonce) => html`<main>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<form method="post" action="${path}">
<label>The part of the link after <code>#</code>
<input name="secret" id="secret" required maxlength="100" autocomplete="off" spellcheck="false"></label>
<button type="submit" class="primary">${button}</button>
</form>
</main>
<script nonce="${nonce}">${script}</script>`,
});

const resultPage = (title: string, text: string): Page => ({
  title: `${title} · Gatehouse`,
  content: () => html`<main>
<h1>${title}</h1>
<p class="lead">${text}</p>
</main>`,
});
