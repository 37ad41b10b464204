import type { Reader } from './tcp-tap.ts';

/** A statement as it was sent. */
export interface Statement {
  readonly text: string;
  /** Values of its parameters; null is NULL. */
  readonly values: readonly (string | null)[];
}

/** Reads the statements of one connection (PostgreSQL's protocol, version 3). */
export function readStatements(keep: (statement: Statement) => void): Reader {
  const prepared = new Map<string, string>();
  const portals = new Map<string, Statement>();
  let rest: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  const take = (type: string, body: Buffer) => {
    const fields = new MessageFields(body);
    if (type === 'Q') keep({ text: fields.next(), values: [] });
    if (type === 'P') prepared.set(fields.next(), fields.next());
    if (type === 'B') {
      const [portal, name] = [fields.next(), fields.next()];
      portals.set(portal, { text: prepared.get(name) ?? '', values: fields.values() });
    }
    const executed = type === 'E' ? portals.get(fields.next()) : undefined;
    if (executed) keep(executed);
  };
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      // The first message has no type.
      const start = hasStarted ? 1 : 0;
      if (rest.length < start + 4) return;
      const end = start + rest.readInt32BE(start);
      if (rest.length < end) return;
      if (hasStarted) take(String.fromCharCode(rest[0] ?? 0), rest.subarray(5, end));
      hasStarted = true;
      rest = rest.subarray(end);
    }
  };
}

/** Reads the fields of a message one after the other. */
class MessageFields {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  next(): string {
    const end = this.#body.indexOf(0, this.#at);
    const word = this.#body.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return word;
  }

  /** Reads the parameters of a Bind message. The driver sends them as text. */
  values(): (string | null)[] {
    const formats = this.#int16();
    this.#at += 2 * formats;
    return Array.from({ length: this.#int16() }, () => this.#value());
  }

  #value(): string | null {
    const length = this.#body.readInt32BE(this.#at);
    this.#at += 4;
    if (length < 0) return null;
    this.#at += length;
    return this.#body.toString('utf8', this.#at - length, this.#at);
  }

  #int16(): number {
    this.#at += 2;
    return this.#body.readInt16BE(this.#at - 2);
  }
}
