const [name, failing] = process.argv.slice(2);
const say = (line: string) => void process.stdout.write(`${line}\n`);

if (name === failing) {
  say('cannot go on');
  process.exit(3);
}
process.on('disconnect', () => process.exit());
if (name === 'migrate') {
  say(`migrating ${process.env.DATABASE_URL}`);
  process.disconnect?.();
} else {
  process.on('SIGTERM', () => {
    if (failing === 'end') return say('does not end');
    setTimeout(() => {
      say('bye');
      process.exit();
    }, 50);
  });
  say(`up ${process.env.REDIS_URL}`);
  setTimeout(() => process.send?.({ ready: true }), 50);
}
