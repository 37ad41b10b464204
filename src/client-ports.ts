import type { Limit, Refusal } from './ports.ts';

/** How a client stands with a budget after an attempt. */
export interface Standing {
  /** Of the budget. */
  readonly name: string;
  readonly limit: Limit;
  /** Attempts that the window has left. */
  readonly left: number;
  /** Whole seconds until the window ends. */
  readonly wait: number;
  /** Of this attempt, where none was left for it. */
  readonly refusal: Refusal | undefined;
}

/** What one client may do at one field, exact however often it is asked at once. */
export interface ClientBudget {
  readonly limit: Limit;
  consume(client: string): Promise<Standing>;
  /** Refunds one attempt whose operation was not started. Never rejects. */
  refund(client: string): Promise<void>;
}
