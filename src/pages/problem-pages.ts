import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import { errorCodes } from '../errors/auth-error.ts';
import { type ProblemName, type ProblemType, problemTypes } from '../errors/problem-types.ts';
import type { Routes } from '../http/hono-routes.ts';
import { addPage, type Html, type Page } from './layout.ts';
import { type ProblemText, readProblemTexts } from './problem-texts.ts';
import { graphqlSample, restSample } from './samples.ts';

const types = Object.entries(problemTypes) as [ProblemName, ProblemType][];

/** Adds a page for each problem type, which `type` in a problem document names, and their list. */
export function addProblemPages(routes: Routes, config: Config): void {
  const texts = readProblemTexts(config);
  addPage(routes, '/problems', listPage(), config);
  for (const [name] of types) {
    const page = problemPage(name, texts[name], config.publicUrl);
    addPage(routes, `/problems/${name}`, page, config);
  }
}

function listPage(): Page {
  const codes: ReadonlySet<string> = new Set(types.map(([, { code }]) => code));
  const others = Object.entries(errorCodes).filter(([code]) => !codes.has(code));
  return {
    title: 'Problem types · Gatehouse',
    content: () => html`<main>
<h1>Problem types</h1>
<p class="lead">Every error that the API returns.</p>
<p>REST errors have the HTTP status and an <code>application/problem+json</code> document,
whose <code>type</code> is the address of one of these pages. GraphQL has the same codes in
<code>extensions.code</code>. Branch on the code. Messages may change.</p>
<ul class="rows">
${types.map(([name, { title, status, code }]) => html`<li><a href="/problems/${name}">${title}</a> <code>${status} ${code}</code></li>`)}
</ul>
<h2>GraphQL only</h2>
<ul class="rows">
${others.map(([code, meaning]) => html`<li><code>${code}</code> <span>${meaning}</span></li>`)}
</ul>
</main>`,
  };
}

function problemPage(name: ProblemName, { cause, cure }: ProblemText, publicUrl: string): Page {
  const { title, status, code } = problemTypes[name];
  return {
    title: `${title} · Gatehouse`,
    content: () => html`<main>
<h1>${title}</h1>
<p class="facts"><code>${code}</code> <code>HTTP ${status}</code></p>
<h2>Cause</h2>
<p>${withCode(cause)}</p>
<h2>Solution</h2>
<p>${withCode(cure)}</p>
<div class="samples">
<section><h2>Over REST</h2><pre>${restSample(name, publicUrl)}</pre></section>
<section><h2>Over GraphQL</h2><pre>${graphqlSample(name, publicUrl)}</pre></section>
</div>
<p><a href="/problems">All problem types</a></p>
</main>`,
  };
}

/** Marks up text in backticks as code. */
const withCode = (text: string): (Html | string)[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
