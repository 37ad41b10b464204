import { type FieldNode, Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import type { TestApp } from './app.ts';
import { bytesOf } from './base32.ts';
import { codeIn, undoSecretIn } from './code-in-mail.ts';

interface Session {
  readonly id: string;
  readonly current: boolean;
}

/** A reader who types the commands of a document, with earlier results in place of placeholders. */
export class Reader {
  /** Number of operations and commands run so far. */
  steps = 0;
  readonly #app: TestApp;
  readonly #mailsBefore: number;
  #access = '';
  #refresh = '';
  #challenge = '';
  #otherSession = '';
  #code = '';
  #totpSecret = '';

  /** @param given the token and ids that the document takes for granted */
  constructor(app: TestApp, given: { readonly token?: string; readonly id?: string } = {}) {
    this.#app = app;
    this.#access = given.token ?? '';
    this.#otherSession = given.id ?? '';
    this.#mailsBefore = app.mails.received.length;
  }

  /** Runs the operations of a block, each alone. */
  async runOperations(block: string): Promise<void> {
    for (const definition of parse(block).definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) await this.#runOperation(definition);
    }
  }

  async #runOperation(operation: OperationDefinitionNode): Promise<void> {
    this.steps += 1;
    const field = (operation.selectionSet.selections[0] as FieldNode).name.value;
    const text = print(operation)
      .replace('"123456"', `"${this.#code}"`)
      .replace('"287082"', () => `"${this.#totp()}"`)
      .replace(/challengeId: "…"/, `challengeId: "${this.#challenge}"`)
      .replace(/refreshToken: "…"/, `refreshToken: "${this.#refresh}"`)
      .replace(
        /secret: "…"/,
        `secret: "${field.startsWith('undo') ? await this.#undoSecret() : ''}"`,
      )
      .replace(/\bid: "…"/, `id: "${this.#otherSession}"`);
    const { data, errors } = await this.#app.graphql(text, {}, { token: this.#access });
    const required = errors[0]?.extensions;
    if (required?.code === 'MFA_REQUIRED') {
      this.#challenge = String(required.challengeId);
      return;
    }
    if (errors.length > 0) throw new Error(`${field}: ${JSON.stringify(errors)}`);
    const answer = data?.[field] as Record<string, unknown> & Session[];
    if (typeof answer.accessToken === 'string') this.#access = answer.accessToken;
    if (typeof answer.refreshToken === 'string') this.#refresh = answer.refreshToken;
    if (typeof answer.challengeId === 'string') await this.#readCode(answer.challengeId);
    if (field === 'createUser') this.#otherSession = String(answer.id);
    if (field === 'enrollTotp') this.#totpSecret = String(answer.secret);
    if (Array.isArray(answer)) {
      this.#otherSession = answer.find(({ current }) => !current)?.id ?? '';
    }
  }

  /** Reads the authenticator app, half a minute later. */
  #totp(): string {
    this.#app.clock.advance({ seconds: 30 });
    return totpCode(bytesOf(this.#totpSecret), stepAt(this.#app.clock.now()));
  }

  /** Runs the curl commands of a block. */
  async runCurls(block: string): Promise<void> {
    const lines = block.replaceAll(/\\\n */g, '').split('\n');
    for (const line of lines) if (line.startsWith('curl ')) await this.#runCurl(line);
  }

  async #runCurl(command: string): Promise<void> {
    this.steps += 1;
    const path = /localhost:8000(\/[^\s']*)/.exec(command)?.[1] ?? '';
    const body = /--json '([^']+)'/.exec(command)?.[1]?.replace('"123456"', `"${this.#code}"`);
    const isSignedIn = command.includes('-H "Authorization: Bearer $access"');
    const { status, text } = await this.#app.fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(isSignedIn && { authorization: `Bearer ${this.#access}` }),
      },
      ...(body && { body }),
    });
    if (status >= 300) throw new Error(`${command}: ${status} ${text}`);
    const { access, challenge_id } = JSON.parse(text);
    if (access) this.#access = access;
    if (challenge_id) await this.#readCode(challenge_id);
  }

  /** Waits for a mail with an undo secret. */
  #undoSecret(): Promise<string> {
    const newest = () => this.#app.mails.received.flatMap(({ raw }) => undoSecretIn(raw) ?? []);
    return this.#app.eventually(() => newest().at(-1));
  }

  /** Waits for the mail with the next code. */
  async #readCode(challenge: string): Promise<void> {
    this.#challenge = challenge;
    const newest = () =>
      this.#app.mails.received
        .slice(this.#mailsBefore)
        .flatMap(({ raw }) => codeIn(raw) ?? [])
        .at(-1);
    this.#code = await this.#app.eventually(() => newest() !== this.#code && newest());
  }
}
