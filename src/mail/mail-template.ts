import mustache from 'mustache';

/** A template as its author wrote it. */
export interface TemplateSource {
  /** Name for messages, such as `de/sign-in-code.html`. */
  readonly name: string;
  readonly text: string;
}

/** Variables that a template may contain, and one that it must contain. */
export interface TemplateRules {
  readonly allowed: readonly string[];
  readonly required?: string | undefined;
}

type Span = readonly [type: string, name: string, start: number, end: number, children?: unknown];
type Values = Readonly<Record<string, string>>;

const writer = new mustache.Writer();
const unclosed = 'a tag is not closed. Write {{name}}.';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** Compiles a checked template. Escapes the values in HTML. */
export function compileTemplate(text: string, isHtml: boolean): (values: Values) => string {
  const spans = writer.parse(text);
  const config = { escape: isHtml ? escapeHtml : String };
  return (values) =>
    writer.renderTokens(spans, new mustache.Context(values), undefined, text, config);
}

/** Returns the number of the line at an index. */
export const lineAt = (text: string, index: number): number =>
  text.slice(0, index).split('\n').length;

/** Finds what is wrong with a template. @returns a line for each problem: file, line, cure */
export function problemsOf({ name, text }: TemplateSource, rules: TemplateRules): string[] {
  const at = (index: number) => `${name}, line ${lineAt(text, index)}`;
  let spans: readonly Span[];
  try {
    spans = writer.parse(text);
  } catch (error) {
    const { index, problem } = syntaxProblem(text, (error as Error).message);
    return [`${at(index)}: ${problem}`];
  }
  const found = [...spansIn(spans, true)];
  const problems = found.flatMap(({ span }) => {
    const problem = problemOf(span, rules.allowed);
    return problem ? [`${at(span[2])}: ${problem}`] : [];
  });
  const { required } = rules;
  const isThere = found.some(({ span, isAlways }) => isAlways && span[1] === required);
  if (required && !isThere && problems.length === 0) {
    problems.push(
      `${at(0)}: the mail is useless without {{${required}}}. Add it, outside of any section.`,
    );
  }
  return problems;
}

/** Lists tags. `isAlways`: the tag prints its value in every mail. */
function* spansIn(
  spans: readonly Span[],
  isOutside: boolean,
): Generator<{ span: Span; isAlways: boolean }> {
  for (const span of spans) {
    const [type, , , , children] = span;
    if (type === 'text') continue;
    yield { span, isAlways: isOutside && type === 'name' };
    if (Array.isArray(children)) yield* spansIn(children, false);
  }
}

function problemOf([type, name]: Span, allowed: readonly string[]): string | undefined {
  if (type === '!') return undefined;
  if (type === '&') return `{{{${name}}}} would not be escaped. Write {{${name}}}.`;
  if (type === '>' || type === '=') return `{{${type}…}} is not supported. Remove it.`;
  if (allowed.includes(name)) return undefined;
  if (!/^[\w.-]*$/.test(name)) return unclosed;
  return `unknown variable {{${name}}}. Use one of ${allowed.join(', ')}.`;
}

/** Explains an error of the parser. */
function syntaxProblem(text: string, message: string): { index: number; problem: string } {
  const [, kind, section = ''] = /^(Unclosed|Unopened) section "(.*)" at/.exec(message) ?? [];
  if (kind === 'Unopened') {
    const index = text.search(new RegExp(`{{\\s*/\\s*${RegExp.escape(section)}`));
    return { index, problem: `{{/${section}}} closes nothing. Remove it.` };
  }
  if (kind) {
    const index = text.search(new RegExp(`{{\\s*[#^]\\s*${RegExp.escape(section)}`));
    return { index, problem: `{{#${section}}} is not closed. Add {{/${section}}}.` };
  }
  return { index: text.lastIndexOf('{{'), problem: unclosed };
}
