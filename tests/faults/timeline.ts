/** Effect of a fault on its target. */
export type Effect =
  | 'down'
  | 'full'
  | 'frozen'
  | 'failing'
  /** Only of receivers of webhooks. Excuses nothing else. */
  | 'unreachable'
  | 'draining'
  | 'shifted'
  | 'empty'
  | 'disturbed';

/** Something that was done to an instance. Times are epoch in ms. */
interface Incident {
  readonly fault: string;
  readonly target: string;
  readonly effect: Effect;
  /** When it was begun, and when it surely held. */
  readonly begun: number;
  held: number;
  /** When it was about to be undone, and when all was well again. */
  released: number;
  over: number;
}

/** Why an answer may be other than it would have been. */
export type Excuse = 'lost codes' | 'expired code' | 'another clock' | 'late';

/**
 * Milliseconds of acknowledged writes that a killed Redis may lose: it holds them back while its disk
 * is slow to sync the former ones (`appendfsync everysec`).
 */
const UNWRITTEN = 2000;

/** All that was done to the installation, in order. */
export class Timeline {
  readonly incidents: Incident[] = [];

  begin(fault: string, target: string, effect: Effect): Incident {
    const incident = { fault, target, effect, begun: Date.now() };
    const open = { held: Infinity, released: Infinity, over: Infinity };
    this.incidents.push({ ...incident, ...open });
    return this.incidents.at(-1) as Incident;
  }

  /** Returns the incidents that may have had an effect between two moments. */
  between(from: number, to: number, ...effects: readonly Effect[]): Incident[] {
    return this.incidents.filter(
      ({ begun, over, effect }) => begun <= to && over >= from && effects.includes(effect),
    );
  }

  /** Whether Redis may have lost by `to` what it has stored between `from` and `stored`. */
  mayForget(from: number, stored: number, to: number): boolean {
    const isKill = ({ fault, held }: Incident) => fault === 'kill -9 Redis' && held >= from;
    const wasKilled = this.between(from, stored + UNWRITTEN, 'down').some(isKill);
    return wasKilled || this.between(from, to, 'empty').length > 0;
  }

  /** Whether the target was surely so all the time between two moments. */
  throughout(from: number, to: number, target: string, ...effects: readonly Effect[]): boolean {
    return this.incidents.some(
      (incident) =>
        incident.target === target &&
        effects.includes(incident.effect) &&
        incident.held <= from &&
        incident.released >= to,
    );
  }
}
