import { html } from 'hono/html';
import { readAsset } from './assets.ts';
import type { Html } from './layout.ts';

/** A sign-in in one language. */
export interface HomeSample {
  readonly id: string;
  readonly name: string;
  readonly code: string;
}

const document = readAsset(new URL('home-samples.md', import.meta.url));

/** Reads the samples of the home page. They call the service at this URL. */
export function readHomeSamples(publicUrl: string): HomeSample[] {
  const text = document.replaceAll('http://localhost:8000', publicUrl);
  const sections = text.matchAll(/^## ([^\n]+)\n\n```\w+\n(.+?)\n```$/gms);
  return Array.from(sections, ([, name = '', code = '']) => ({
    id: name.toLowerCase(),
    name,
    code: code.replace(/^\/\/ src\/.+\n/, ''),
  }));
}

const marks =
  /(?<comment>(?:#|\/\/) .*)|(?<string>'[^'\n]*'|"[^"\n]*")|\b(?<keyword>import|from|export|const|await|function|return|if|throw|new|curl)\b/g;

/** Marks up comments, strings and keywords of a sample. */
export function highlight(code: string): Html[] {
  const parts: Html[] = [];
  let end = 0;
  for (const { 0: text, index, groups = {} } of code.matchAll(marks)) {
    const [kind] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    parts.push(html`${code.slice(end, index)}<span class="${kind}">${text}</span>`);
    end = index + text.length;
  }
  return [...parts, html`${code.slice(end)}`];
}
