import {
  commonVariables,
  fileNameOf,
  type MailKind,
  mailKinds,
  requiredVariable,
  variablesOf,
} from './mail-kinds.ts';
import { compileTemplate, problemsOf } from './mail-template.ts';
import { type Part, parts, shippedLayout, shippedTemplates, slots } from './shipped-templates.ts';
import { shippedLanguages, textsOf } from './shipped-texts.ts';
import { readTemplateFolder, type TemplateFile } from './template-folder.ts';

type Compiled = Readonly<Record<Part, ReturnType<typeof compileTemplate>>>;

/** A mail in one language. */
export interface LocalizedTemplate extends Compiled {
  readonly lang: string;
}

export interface MailTemplates {
  /** Languages in which at least one mail is written. */
  readonly languages: readonly string[];
  /** Finds the mail in the first of these languages in which it is written, or in English. */
  find(kind: MailKind, wanted: readonly string[]): LocalizedTemplate;
}

/**
 * Reads the templates of `MAIL_TEMPLATES`, which replace the shipped ones.
 * @returns the templates, and a line for each problem: setting, file, line, cure
 */
export function loadMailTemplates(folder: string | undefined) {
  const { files, problems } = folder
    ? readTemplateFolder(folder, mailKinds)
    : { files: [], problems: [] };
  problems.push(...files.flatMap((file) => problemsOf(file, rulesOf(file))));
  const templates = new TemplateSet(files);
  problems.push(...templates.gaps());
  return {
    templates: templates as MailTemplates,
    problems: problems.map((problem) => `MAIL_TEMPLATES: ${problem}`),
  };
}

function rulesOf({ kind, part }: TemplateFile) {
  if (kind === 'layout') {
    return { allowed: [...slots, ...commonVariables], required: 'content' };
  }
  return {
    allowed: variablesOf(kind),
    required: part === 'subject' ? undefined : requiredVariable(kind),
  };
}

/** Yields a language tag and its wider ranges: `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647 §3.4). */
function* widen(lang: string): Generator<string> {
  for (let range = lang; range; range = range.slice(0, Math.max(0, range.lastIndexOf('-')))) {
    yield range;
  }
}

class TemplateSet implements MailTemplates {
  readonly languages: readonly string[];
  readonly #files: readonly TemplateFile[];
  readonly #compiled = new Map<string, LocalizedTemplate>();

  constructor(files: readonly TemplateFile[]) {
    this.#files = files;
    this.languages = [
      ...new Set([...shippedLanguages, ...files.flatMap(({ lang }) => lang ?? [])]),
    ];
  }

  find(kind: MailKind, wanted: readonly string[]): LocalizedTemplate {
    for (const lang of [...wanted, 'en'].flatMap((each) => [...widen(each)])) {
      const known = this.languages.includes(lang);
      const found = known && (this.#compiled.get(`${kind} ${lang}`) ?? this.#compile(kind, lang));
      if (found) return found;
    }
    throw new Error(`There is no template of ${kind}.`);
  }

  /** Returns the text of a template; undefined if the mail is not written in the language. */
  #sourceOf(kind: MailKind, part: Part, lang: string): string | undefined {
    const given = this.#fileOf(kind, part, lang)?.text;
    if (given !== undefined) return given;
    const texts = textsOf(lang);
    const layout = this.#fileOf('layout', 'html', lang)?.text ?? shippedLayout;
    return texts && shippedTemplates(kind, texts, lang, layout)[part];
  }

  /** Lists the missing files of mails that have only some files in a language that does not ship. */
  gaps(): string[] {
    const missing = this.#files.flatMap(({ lang, kind }) => {
      if (lang === undefined || kind === 'layout') return [];
      return parts
        .filter((part) => this.#sourceOf(kind, part, lang) === undefined)
        .map((part) => `${lang}/${fileNameOf(kind)}.${part}: missing. Add it.`);
    });
    return [...new Set(missing)];
  }

  #compile(kind: MailKind, lang: string): LocalizedTemplate | undefined {
    const sources = parts.map((part) => [part, this.#sourceOf(kind, part, lang)] as const);
    if (sources.some(([, source]) => source === undefined)) return undefined;
    const compiled = sources.map(
      ([part, source = '']) => [part, compileTemplate(source, part === 'html')] as const,
    );
    const template = { lang, ...(Object.fromEntries(compiled) as unknown as Compiled) };
    this.#compiled.set(`${kind} ${lang}`, template);
    return template;
  }

  /** Prefers a file of the language, then of a wider one, then of all languages. */
  #fileOf(kind: TemplateFile['kind'], part: Part, lang: string): TemplateFile | undefined {
    const own = this.#files.filter((file) => file.kind === kind && file.part === part);
    return [...widen(lang), undefined]
      .map((range) => own.find((file) => file.lang === range))
      .find((file) => file !== undefined);
  }
}
