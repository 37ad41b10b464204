import { TestApp } from '#tests/support/app.ts';
import { everyRow } from '#tests/support/dump.ts';
import type { Answer, RequestOptions } from '#tests/support/request.ts';
import type { Secrets } from './secrets.ts';

/** A request and what was answered. */
export interface Exchange {
  readonly request: string;
  readonly answer: Answer;
}

/** An application of which no answer is lost, and no row that was there for a while. */
export class WatchedApp extends TestApp {
  readonly exchanges: Exchange[] = [];
  /** Each transport and operation, with what came of it: `REST login LOCKED`. */
  readonly outcomes = new Set<string>();
  /** Every row that was there when somebody looked. */
  readonly rows = new Set<string>();
  readonly #secrets: Secrets;

  constructor(variables: Record<string, string>, secrets: Secrets) {
    super(variables);
    this.#secrets = secrets;
  }

  /** Learns every code, also of mails that no mail server would take. */
  override async start(): Promise<void> {
    await super.start();
    const { codes } = this.runtime;
    const create = codes.create.bind(codes);
    codes.create = (request) => {
      const created = create(request);
      this.#secrets.add('code', created.code);
      return created;
    };
  }

  override async fetch(path: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await super.fetch(path, options);
    this.note(`${options.method ?? 'GET'} ${path} ${options.body?.toString() ?? ''}`, answer);
    return answer;
  }

  note(request: string, answer: Answer): void {
    this.exchanges.push({ request, answer });
    this.#secrets.addTokensOf(answer.text);
    this.#secrets.addTokensOf(String(answer.headers['set-cookie'] ?? ''));
  }

  /** Looks at every row that is there now. */
  async collect(): Promise<void> {
    const tables: { row: unknown }[][] = JSON.parse(await everyRow(this.runtime.orm));
    for (const { row } of tables.flat()) this.rows.add(JSON.stringify(row));
  }
}
