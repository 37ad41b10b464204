/** To be loaded before a process of Gatehouse: at a signal, something in it fails unheard. */
const failure = () => new Error("insert into accounts values ('ada@example.com')");

process.on('SIGUSR2', () => void Promise.reject(failure()));
process.on('SIGWINCH', () => {
  throw failure();
});
