import { createReceiver, type Message } from './receiver.ts';

// WEBHOOK_SECRET=whsec_… PORT=3000 node examples/webhooks/main.ts
const { WEBHOOK_SECRET: secret = '', PORT = '3000' } = process.env;

const seen = new Set<string>();

/** Prints a message, unless it has come before. */
async function handleOnce(id: string, { type, data }: Message): Promise<boolean> {
  if (seen.has(id)) return false;
  seen.add(id);
  process.stdout.write(`${type} ${JSON.stringify(data)}\n`);
  return true;
}

createReceiver({ secret, handleOnce }).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`Receiving webhooks on http://localhost:${PORT}/\n`);
});
